"""Every kind of item that the functions write to the table, with all of its attributes.

``?`` ends the name of an attribute that an item may lack; ``*`` stands for any names. An ``M`` has
what the row or the contract says. Only what has ``expiresAt`` is ever deleted by the table.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

Shape: TypeAlias = "dict[str, str | Shape]"

TABLE_KEYS = ("recordId", "timestamp")
INDEX_KEYS = ("status", "shard", "timestamp")
EXPIRES_AT = "expiresAt"

_COMMON: Shape = {
    "recordId": "S",
    "timestamp": "S",
    "itemType": "S",
    "status": "S",
    "dataset": "S",
    "contractVersion": "N",
    "originRegion": "S",
}
_OBJECT: Shape = {"bucket": "S", "key": "S", "version": "S"}
_ROW: Shape = {
    **_COMMON,
    "precedence": "S",
    "source": {**_OBJECT, "row": "N", "corrects?": "S"},
}
_REJECTED: Shape = {
    **_ROW,
    "shard": "N",
    "error": {"code": "S", "message": "S", "line": "N", "field?": "S"},
    "raw": "S",
    "rawBytes": "N",
    f"{EXPIRES_AT}?": "N",
}
_BY_CODE: Shape = {"*": {"rows": "N", "row": "N", "line": "N", "message": "S", "field?": "S"}}
_FILE: Shape = {
    **_COMMON,
    "shard": "N",
    "source": _OBJECT,
    "sizeBytes": "N",
    "sequencer": "S",
    "rowsRead": "N",
    "rowsAccepted": "N",
    "rowsRejected": "N",
    "itemsWritten": "N",
    "rejections": _BY_CODE,
}
_RESUMES: Shape = {
    "resumePoint?": {
        "row": "N",
        "byte": "N",
        "line": "N",
        "column": "N",
        "indentation": "S",
        "contractVersion": "N",
    }
}
_RANGES: Shape = {
    "handedOver?": "N",
    "rangesPlan?": {
        "id": "S",
        "first": "N",
        "last": "N",
        "ranges": "N",
        "mostRows": "N",
        "mostBytes": "N",
    },
    "rangesDone?": "NS",
    "rangeRows?": "N",
    "rangeAccepted?": "N",
    "rangeRejected?": "N",
    "rangeWritten?": "N",
    "rangeRejections?": _BY_CODE,
}
_BARE_FAILURE: Shape = {"code": "S", "message": "S"}
_FAILURE: Shape = {**_BARE_FAILURE, "row?": "N"}

KINDS: dict[tuple[str, str], Shape] = {
    ("RECORD", "ACCEPTED"): {**_ROW, "shard?": "N", "data": "M", "digest": "S"},
    ("RECORD", "REJECTED"): _REJECTED,
    ("RECORD", "CORRECTED"): {
        **_REJECTED,
        "correctedBy": {"recordId": "S", "timestamp": "S", "precedence": "S"},
    },
    ("FILE", "PROCESSING"): {**_FILE, **_RESUMES, **_RANGES, "failure?": _BARE_FAILURE},
    ("FILE", "IGNORED"): {**_FILE, "rejections": {}, "failure": _BARE_FAILURE},
    ("FILE", "SUSPENDED"): {**_FILE, **_RESUMES, **_RANGES, "failure": _BARE_FAILURE},
    ("FILE", "FAILED"): {**_FILE, **_RESUMES, "failure": _FAILURE},
    ("FILE", "COMPLETED"): _FILE,
}


def kind_of(item: Mapping[str, Any]) -> tuple[str, str]:
    return str(item["itemType"]["S"]), str(item["status"]["S"])


def paths(shape: Shape, above: str = "") -> Iterator[str]:
    """Yield the path and type of each attribute that a statement has, ``?`` and all."""
    for name, kind in shape.items():
        path = f"{above}{name}"
        yield f"{path} {kind if isinstance(kind, str) else 'M'}"
        if not isinstance(kind, str):
            yield from paths(kind, f"{path}.")


def stated_as(item: Mapping[str, Any], shape: Shape, above: str = "") -> Iterator[str]:
    """Yield the path and type of each attribute of an item, as a statement names those it has.

    A lacking one is named with ``-`` before it.
    """
    yield from (f"-{above}{name}" for name in shape if _lacks(item, name))
    for name, attribute in item.items():
        stated = next((n for n in (name, f"{name}?", "*") if n in shape), name)
        [(kind, value)] = attribute.items()
        yield f"{above}{stated} {kind}"
        inner = shape.get(stated)
        if isinstance(inner, dict) and kind == "M":
            yield from stated_as(value, inner, f"{above}{stated}.")


def _lacks(item: Mapping[str, Any], name: str) -> bool:
    return name != "*" and name.removesuffix("?") not in item
