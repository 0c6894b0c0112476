"""The data of the working tree compared with a base: where the base's sources come from."""

import io
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from datasets.compatibility.comparison import DataComparison, compare, repeated
from datasets.compatibility.corpus import SAMPLES, File
from datasets.compatibility.process import DataError
from policies.changes import deployed
from policies.changes.base_selection import ROOT
from policies.changes.comparison import Base
from policies.changes.repository import BaseError, Repository
from policies.templates.template import StackTemplate

RUNTIME = "services.processor.runtime."
FUNCTION = "AWS::Lambda::Function"
SOURCES = ("services/", f"{SAMPLES}/")


class _NoSourcesError(Exception):
    """The base's sources are not at hand; the message says why."""


def since(base: Base, more: Sequence[File] = (), bucket: str = "") -> DataComparison:
    """Return what changes in the data since ``base``, with ``more`` files, those of a ``bucket``.

    Without the base's sources, the contracts are only run repeatedly, and ``not_compared`` says
    why.

    Raises:
        DataError: the contracts can't be run, or those of a commit.

    """
    compared = _since(base, more)
    said = f"the newest {len(more)} objects of {bucket}" if bucket else ""
    return replace(compared, of_bucket=said)


def _since(base: Base, more: Sequence[File]) -> DataComparison:
    with tempfile.TemporaryDirectory() as folder:
        try:
            _unpack(base, Path(folder))
        except _NoSourcesError as error:
            return replace(repeated(ROOT, more), not_compared=str(error))
        try:
            return compare(Path(folder), ROOT, more)
        except DataError as error:
            if not base.deployed:
                raise
            # What is deployed cannot be mended, and must not stop what replaces it.
            return replace(repeated(ROOT, more), not_compared=str(error))


def _unpack(base: Base, folder: Path) -> None:
    if base.deployed:
        _unpack_deployed(base.stacks, folder)
    elif base.commit:
        archive = folder / "all.zip"
        Repository(ROOT).archive(base.commit, archive)
        _extract(zipfile.ZipFile(archive), folder)
    else:
        raise _NoSourcesError(f"{base.name} has templates only, no sources")


def _unpack_deployed(stacks: Sequence[StackTemplate], folder: Path) -> None:
    """Unpack the code of the deployed processor, without its packages: they suit Lambda only."""
    found = [
        (stack, function)
        for stack in stacks
        for function in stack.resources(FUNCTION)
        if str(function.properties.get("Handler", "")).startswith(RUNTIME)
    ]
    if not found:
        raise _NoSourcesError("nothing is deployed yet")
    stack, function = found[0]
    try:
        content = deployed.asset(stack, function.properties["Code"])
    except BaseError as error:
        raise _NoSourcesError(f"the deployed code cannot be read: {error}") from error
    _extract(zipfile.ZipFile(io.BytesIO(content)), folder)


def _extract(sources: zipfile.ZipFile, folder: Path) -> None:
    """Extract the contracts and samples only: it is this commit's worker that runs them."""
    with sources:
        own = [name for name in sources.namelist() if name.startswith(SOURCES)]
        sources.extractall(folder, own)
