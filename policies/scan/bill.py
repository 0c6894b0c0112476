"""Writes a bill of materials in CycloneDX for each lock file: ``python -m policies.scan.bill``."""

import json
import sys
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from policies.scan import tool

OUT = Path("build/sbom")
PYTHON_LOCKS = ("requirements", "services/processor/runtime", "services/stream_consumer/runtime")


def main() -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    for lock in sorted(file for folder in PYTHON_LOCKS for file in Path(folder).glob("*.txt")):
        target = OUT / f"{'-'.join(lock.with_suffix('').parts)}.cdx.json"
        options = ("--output-reproducible", "--output-file", str(target))
        tool.output("cyclonedx-py", "requirements", str(lock), *options, root=Path(), found=(0,))
    node = OUT / "package-lock.cdx.json"
    node.write_text(_of_node(json.loads(Path("package-lock.json").read_text())["packages"]))
    print(f"{OUT}: {len(list(OUT.glob('*.cdx.json')))} bills of materials")
    return 0


def _of_node(packages: dict[str, dict[str, str]]) -> str:
    bom = Bom()
    for path, entry in packages.items():
        if path:
            bom.components.add(_component(path.rpartition("node_modules/")[2], entry["version"]))
    document = json.loads(JsonV1Dot6(bom).output_as_string())
    # The same lock gives the same bytes.
    document.pop("serialNumber", None)
    document.get("metadata", {}).pop("timestamp", None)
    return json.dumps(document, indent=2) + "\n"


def _component(name: str, version: str) -> Component:
    namespace, _, short = name.rpartition("/")
    purl = PackageURL("npm", namespace or None, short, version)
    return Component(name=name, version=version, purl=purl, bom_ref=str(purl))


if __name__ == "__main__":
    sys.exit(main())
