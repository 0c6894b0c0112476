"""Bills of materials in CycloneDX, one for each lock file: ``python -m policies.scan.sbom``.

``npm sbom`` makes those of the ``package-lock.json`` files; they come in on standard input, one
after the other, because npm is not installed in the environment of the scans.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from policies.scan import tools

OUT = Path("build/sbom")
PYTHON_LOCKS = ("requirements/*.txt", "services/*/runtime/*.txt")


def main() -> None:
    """Write the documents to ``build/sbom``, in place of older ones."""
    OUT.mkdir(parents=True, exist_ok=True)
    for lock in sorted(file for each in PYTHON_LOCKS for file in Path().glob(each)):
        target = OUT / f"{'-'.join(lock.with_suffix('').parts)}.cdx.json"
        options = ("--output-reproducible", "--output-file", str(target))
        tools.output("cyclonedx-py", "requirements", str(lock), *options, root=Path(), found=(0,))
    for document in documents(sys.stdin.read()):
        name = reproduce(document)
        (OUT / f"package-lock-{name}.cdx.json").write_text(json.dumps(document, indent=2) + "\n")
    print(f"{OUT}: {len(list(OUT.glob('*.cdx.json')))} bills of materials")


def documents(text: str) -> Iterator[dict[str, Any]]:
    """Yield JSON documents that follow each other."""
    decoder = json.JSONDecoder()
    while text := text.lstrip():
        document, end = decoder.raw_decode(text)
        yield document
        text = text[end:]


def reproduce(document: dict[str, Any]) -> str:
    """Remove what depends on the run or the folder; return the package's name.

    The same lock file then results in the same bytes.
    """
    del document["serialNumber"], document["metadata"]["timestamp"]
    package = document["metadata"]["component"]
    name: str = package["bom-ref"].rpartition("@")[0]
    package["name"] = name  # npm puts the folder's name here
    return name


if __name__ == "__main__":
    main()
