"""The items that the table must have of a file's rows, computed with the processor's code."""

import json
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ops import object_versions
from ops.items import Key
from ops.object_versions import ListedVersion
from ops.region import Region
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.item import record_item
from services.processor.runtime.keys import record_id
from services.processor.runtime.source_file import SourceFile


class ExpectedRow(NamedTuple):
    """What the table must have of a row: an item under ``key`` with at least ``precedence``.

    ``own`` is the row's own key, which is that of its record as well unless it has an identity.
    ``corrects`` are the rejected rows that must be marked as corrected.
    """

    row: int
    key: Key
    own: Key
    precedence: str
    is_rejected: bool
    corrects: tuple[Key, ...]


def unwatched(_: int) -> None:
    """Take note of no progress."""


def expected_rows(
    bucket: Region,
    version: ListedVersion,
    file: SourceFile,
    passed: Callable[[int], object] = unwatched,
) -> Iterator[ExpectedRow]:
    """Yield what each row of a version must have led to, streaming; ``file`` describes it.

    ``passed`` is called with the numbers of bytes read. Raises what
    :func:`~ops.object_versions.rows` does.
    """
    contract = contract_for(version.key)
    for row in object_versions.rows(bucket, version, passed):
        built = record_item(file, contract, row)
        yield ExpectedRow(
            row=built.row,
            key=Key(built.record_id, built.timestamp),
            own=Key(record_id(file.id, built.row), file.timestamp),
            precedence=json.loads(built.precedence),
            is_rejected=built.rejection is not None,
            corrects=tuple(Key(*each) for each in built.corrects),
        )
