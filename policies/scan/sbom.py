"""Bills of materials in CycloneDX, one for each lock file: ``python -m policies.scan.sbom``.

``npm sbom`` makes the one of ``package-lock.json``; it comes in on standard input, because npm is
not installed in the environment of the scans.
"""

import json
import sys
from pathlib import Path

from policies.scan import tools

OUT = Path("build/sbom")
PYTHON_LOCKS = ("requirements", "services/processor/runtime", "services/stream_consumer/runtime")


def main() -> None:
    """Write the documents to ``build/sbom``, in place of older ones."""
    OUT.mkdir(parents=True, exist_ok=True)
    for lock in sorted(file for folder in PYTHON_LOCKS for file in Path(folder).glob("*.txt")):
        target = OUT / f"{'-'.join(lock.with_suffix('').parts)}.cdx.json"
        options = ("--output-reproducible", "--output-file", str(target))
        tools.output("cyclonedx-py", "requirements", str(lock), *options, root=Path(), found=(0,))
    (OUT / "package-lock.cdx.json").write_text(reproducible(sys.stdin.read()))
    print(f"{OUT}: {len(list(OUT.glob('*.cdx.json')))} bills of materials")


def reproducible(written_by_npm: str) -> str:
    """Return the document without anything that depends on the run or the folder.

    The same lock file then results in the same bytes.
    """
    document = json.loads(written_by_npm)
    del document["serialNumber"], document["metadata"]["timestamp"]
    package = document["metadata"]["component"]
    package["name"] = package["bom-ref"].rpartition("@")[0]  # npm puts the folder's name here
    return json.dumps(document, indent=2) + "\n"


if __name__ == "__main__":
    main()
