"""The data of the working tree compared with a base: where the base's sources come from."""

import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from datasets.compatibility.comparison import DataComparison, compare, repeated
from datasets.compatibility.corpus import SAMPLES, File
from datasets.compatibility.process import DataError
from policies.app import ROOT
from policies.changes import deployed
from policies.changes.comparison import Base
from policies.changes.repository import Repository
from policies.command_line import Undetermined
from policies.templates.template import resources

OURS = "services.processor.runtime."
SOURCES = ("services/", f"{SAMPLES}/")


def since(base: Base, more: Sequence[File] = (), bucket: str = "") -> DataComparison:
    """Return what changes in the data since ``base``, with ``more`` files, those of a ``bucket``.

    Without the base's sources, the contracts are only run repeatedly, and ``not_compared`` says
    why. Raise ``DataError`` if the contracts can't be run, or those of a commit.
    """
    with tempfile.TemporaryDirectory() as folder:
        why_not = _unpack(base, Path(folder))
        try:
            found = None if why_not else compare(Path(folder), ROOT, more)
        except DataError as error:
            if not base.deployed:
                raise
            # What is deployed cannot be mended, and must not stop what replaces it.
            found, why_not = None, str(error)
    said = f"the newest {len(more)} objects of {bucket}" if bucket else ""
    found = found or replace(repeated(ROOT, more), not_compared=why_not)
    return replace(found, of_bucket=said)


def _unpack(base: Base, folder: Path) -> str:
    """Unpack the contracts and samples of ``base``, or return why that is not possible.

    Nothing else of it is needed: it is this commit's worker that runs them.
    """
    archive = folder / "all.zip"
    if base.commit:
        Repository(ROOT).archive(base.commit, archive)
    elif base.deployed:
        functions = resources(base.stacks, "AWS::Lambda::Function")
        function = next((e for e in functions if OURS in str(e.properties.get("Handler"))), None)
        if not function:
            return "nothing is deployed yet"
        try:
            archive.write_bytes(deployed.asset(function.stack, function.properties["Code"]))
        except Undetermined as error:
            return f"the deployed code cannot be read: {error}"
    else:
        return f"{base.name} has templates only, no sources"
    with zipfile.ZipFile(archive) as sources:
        sources.extractall(folder, [n for n in sources.namelist() if n.startswith(SOURCES)])
    return ""
