"""Strict reading of AWS's JSON documents: an unknown key is an error, never ignored."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from local.rehearsal.errors import RehearsalError

Document: TypeAlias = Mapping[str, Any]


def refuse_unknown(document: Document, known: set[str], where: str) -> None:
    """Raise ``RehearsalError`` for keys outside ``known``: they would mean something on AWS."""
    if unknown := sorted(document.keys() - known):
        raise RehearsalError(f"{where}: can't rehearse {', '.join(unknown)}")
