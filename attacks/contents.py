"""What the gates say of data and of bundles, which are made anew, each in a folder for itself."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from attacks.project import ROOT, Copy
from attacks.runtimes import CONSUMER, PROCESSOR
from datasets.compatibility import comparison
from policies import published
from policies.changes.comparison import Base, compare
from policies.changes.resource_spec import Spec
from policies.finding import Finding
from services.bundling import bundle

# An attack on a bundle writes a file below it; whatever else begins like it is an asset as well.
ASSET = "asset.consumer"
# Whatever has no contract of its own is of this one; to run all others takes seconds.
KEPT = ("__init__.py", "generic.py")


def of_data(copy: Copy, _by: str) -> Sequence[Finding]:
    """Return what the comparison of data says of the contracts that are touched."""
    with tempfile.TemporaryDirectory() as made:
        before, after = (_sources(copy, Path(made, name), name) for name in ("before", "after"))
        data = comparison.compare(before, after)
    base = Base(name="the original", stacks=[])
    return compare(base, [], [], Spec(stateful=frozenset(), replacing={}), data).verdict.findings


def _sources(copy: Copy, folder: Path, side: str) -> Path:
    contracts = {each.name for each in (ROOT / comparison.CONTRACTS).glob("*.py")} - {*KEPT}
    shutil.copytree(ROOT / PROCESSOR, folder / PROCESSOR, ignore=lambda *_: contracts)
    for package in ("services", "services/processor"):
        (folder / package / "__init__.py").touch()
    return copy.lay_out(folder, before=side == "before")


def of_bundles(copy: Copy, by: str) -> Sequence[Finding]:
    """Return what is said of a bundle as the app has made it, and of the files that are touched."""
    with tempfile.TemporaryDirectory() as made:
        assembly = Path(made)
        shutil.copytree(bundle(ROOT / CONSUMER, "lambda"), assembly / ASSET)
        copy.lay_out(assembly)
        if by != published.MISNAMED:
            name = f"asset.{published.content_name(assembly / ASSET)}"
            (assembly / ASSET).rename(assembly / name)
        assets = {each.name: {"source": {"path": each.name}} for each in assembly.iterdir()}
        (assembly / "a.json").write_text(json.dumps({"files": assets}))
        listed = {"type": "cdk:asset-manifest", "properties": {"file": "a.json"}}
        (assembly / "manifest.json").write_text(json.dumps({"artifacts": {"a": listed}}))
        return published.findings(assembly, ())
