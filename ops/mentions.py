"""Whether a row names a key: as one of its CSV cells, or as a value or name in its JSON.

A row that could be read is compared value by value, so "101" is not found in "1010" or in a
sentence. In one that could not, or that was cut off, every text between its quotes and separators
counts as a value: better one rejected row too many is found than one too few.
"""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, DecimalException

from services.processor.runtime.corrections import RAW
from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.file_names import Format
from services.processor.runtime.stored_numbers import number_text

_JSON_TOKENS = re.compile(r'"((?:[^"\\]|\\.)*)"?|([^\s",:{}\[\]]+)', re.DOTALL)


def names_key(raw: str, known: Format, delimiter: str, key: Sequence[str]) -> bool:
    """Return whether every part of ``key`` is a value of the row, blanks around it aside."""
    values = set(_json_values(raw)) if known == "json" else set(_cells(raw, delimiter))
    return all(part.strip() in values for part in key)


def _cells(raw: str, delimiter: str) -> Iterator[str]:
    try:
        cells = next(csv.reader((raw,), delimiter=delimiter, strict=True), [])
    except csv.Error:
        cells = [cell.strip().strip('"') for cell in raw.split(delimiter)]
    return (cell.strip() for cell in cells)


def _json_values(raw: str) -> Iterator[str]:
    try:
        return _scalars(json.loads(raw, parse_float=_number, parse_int=_number))
    except (ValueError, RecursionError):
        return _tokens(raw)


def _number(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except DecimalException:
        return text


def _scalars(value: object) -> Iterator[str]:
    """Yield every text, number and name in a value, each once it is reached, not recursively."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case dict() as members:
                yield from (name.strip() for name in members)
                waiting += members.values()
                if isinstance(members.get(RAW), str):  # a correction's row that is no object
                    yield from _json_values(members[RAW])
            case list() as elements:
                waiting += elements
            case str() as text:
                yield text.strip()
            case Decimal() as number:
                yield _number_text(number)


def _number_text(number: Decimal) -> str:
    try:
        return number_text(number)
    except RejectedRowError:
        return str(number)


def _tokens(raw: str) -> Iterator[str]:
    for quoted, bare in _JSON_TOKENS.findall(raw):
        yield (_unescaped(quoted) or bare).strip()


def _unescaped(quoted: str) -> str:
    try:
        return str(json.loads(f'"{quoted}"', strict=False))
    except ValueError:
        return quoted
