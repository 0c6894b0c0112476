"""Records that are not a file's values, but the elements of a list inside its one object.

``open_list`` walks a path of field names to the list, in bounded memory: it passes the members
before the list one by one, and ``close_objects`` passes those behind it. All of them must be right.
``without_wrapper`` refuses such a file where no path is declared.
"""

import re
from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.parsing.json_fault import Expected
from services.processor.runtime.parsing.json_scanner import ValueScanner
from services.processor.runtime.parsing.json_values import JsonValues
from services.processor.runtime.parsing.row_buffer import Oversized, RawRow, RowBuffer
from services.processor.runtime.parsing.rows import BadRow, JsonRow

# What is said about a list in the object around it, in lower case and without what joins words.
_ABOUT_A_LIST = frozenset(
    (
        *("count", "total", "totalcount", "size", "limit", "offset", "cursor", "hasmore"),
        *("page", "pages", "pagesize", "paging", "pagination", "next", "nextpage", "nexttoken"),
        *("previous", "links", "meta", "metadata", "status", "success", "message", "version"),
    )
)
_JOINTS = str.maketrans("", "", "_-@$. ")
_WRAPPER_START = re.compile(rb'\{[^\[{]*"((?:[^"\\]|\\.)*+)"[ \t\r\n]*+:[ \t\r\n]*+\[[ \t\r\n]*+\{')
_ADVICE = (
    "send them as an array or one object a line, or ask for a contract that says where its records "
    "are"
)
_SHOWN_NAMES = 10
_SHOWN_BYTES = 40
_QUOTE, _COLON, _COMMA = b'":,'
_OPEN_OBJECT, _CLOSE_OBJECT, _OPEN_LIST = b"{}["


def objects_around(path: str) -> int:
    """Return how many objects are around the list at a path such as ``result.items``."""
    return len(path.split("."))


def open_list(values: JsonValues, path: str) -> None:
    """Go to the list at a path such as ``result.items``.

    Raises:
        UnreadableFileError: there is no such list, or what comes before it is not right.

    """
    names = path.split(".")
    for name in names:
        _enter(values, name, path)
    if values.next_byte() != _OPEN_LIST:
        raise _not_found(path, f"`{names[-1]}` is {_excerpt(values)}")


def close_objects(values: JsonValues, depth: int) -> None:
    """Pass the rest of ``depth`` objects, from behind a member of the innermost.

    Raises:
        UnreadableFileError: it is not right.

    """
    _pass_value(values, depth)


def without_wrapper(rows: Iterator[JsonRow | BadRow]) -> Iterator[JsonRow | BadRow]:
    """Yield the rows, unless the first is the only one and an object around a list of records.

    Raises:
        UnreadableFileError: it is.

    """
    for row in rows:
        if isinstance(row, BadRow):
            yield _with_wrapper_named(row)
        elif problem := _wrapper_problem(row.raw):
            yield from _unless_only(row, rows, problem)
        else:
            yield row
        break
    yield from rows


def _unless_only(
    row: JsonRow, rest: Iterator[JsonRow | BadRow], problem: str
) -> Iterator[JsonRow | BadRow]:
    try:
        second = next(rest, None)
    except UnreadableFileError:
        yield row
        raise
    if second is None:
        raise UnreadableFileError("WRAPPED_RECORDS", problem)
    yield row
    yield second


def _enter(values: JsonValues, name: str, path: str) -> None:
    """Go from the beginning of an object to the value of a member."""
    if values.next_byte() != _OPEN_OBJECT:
        raise _not_found(path, f"in place of an object around `{name}` there is {_excerpt(values)}")
    values.at += 1
    seen: list[str] = []
    while seen or values.next_byte() != _CLOSE_OBJECT:
        found = _name(values)
        if found == name:
            return
        seen.append(found)
        values.next_byte()
        _pass_value(values)
        if values.next_byte() == _CLOSE_OBJECT:
            break
        _pass_mark(values, _COMMA, Expected.IN_OBJECT)
    shown = ", ".join(f"`{each}`" for each in seen[:_SHOWN_NAMES]) or "none"
    raise _not_found(path, f"the members of the object without `{name}` are: {shown}")


def _name(values: JsonValues) -> str:
    """Read a field name and the colon behind it."""
    if values.next_byte() != _QUOTE:
        raise _refusal(values, Expected.NAME)
    raw = _pass_value(values)
    _pass_mark(values, _COLON, Expected.COLON)
    if isinstance(raw, Oversized):
        return raw.prefix[1:_SHOWN_BYTES].decode(errors="ignore")
    try:
        return msgspec.json.decode(raw, type=str)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return raw[1:-1].decode(errors="replace")


def _pass_value(values: JsonValues, depth: int = 0) -> RawRow:
    """Read a value, or the rest of one that is ``depth`` objects deep."""
    held = RowBuffer()
    values.window.keep = values.at
    scanner = ValueScanner(values.window, values.at, depth)
    scanner.read_all(held)
    if fault := scanner.fault or scanner.mistake:
        raise values.refusal("NOT_JSON", fault)
    held.add(values.window.take(scanner.at))
    values.at = scanner.at
    return held.take()


def _pass_mark(values: JsonValues, mark: int, expected: Expected) -> None:
    if values.next_byte() != mark:
        raise _refusal(values, expected)
    values.at += 1


def _refusal(values: JsonValues, expected: Expected) -> UnreadableFileError:
    return values.refusal("NOT_JSON", values.fault(expected))


def _excerpt(values: JsonValues) -> str:
    return f"`{values.window.excerpt(values.at)}`"


def _not_found(path: str, problem: str) -> UnreadableFileError:
    message = f"the file has no list at `{path}`, where its contract expects the records: {problem}"
    return UnreadableFileError("RECORDS_NOT_FOUND", message)


def _wrapper_problem(raw: bytes) -> str | None:
    """Return why an object is taken for one around a list of records; ``None`` if it is not."""
    try:
        members = msgspec.json.decode(raw, type=dict[str, object])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    lists = {name: value for name, value in members.items() if isinstance(value, list)}
    if len(lists) != 1 or not all(map(_is_about_a_list, members.keys() - lists.keys())):
        return None
    [(name, records)] = lists.items()
    if not records or not all(isinstance(record, dict) for record in records):
        return None
    count = f"{len(records)} object" + "s" * (len(records) > 1)
    return f"the file is one object whose list `{name[:_SHOWN_BYTES]}` holds {count}; {_ADVICE}"


def _is_about_a_list(name: str) -> bool:
    return name.lower().translate(_JOINTS) in _ABOUT_A_LIST


def _with_wrapper_named(row: BadRow) -> BadRow:
    found = _WRAPPER_START.match(row.raw)
    if row.code != "ROW_TOO_LARGE" or not found:
        return row
    name = found[1][:_SHOWN_BYTES].decode(errors="replace")
    hint = f"it begins like one object whose list `{name}` holds the records; {_ADVICE}"
    return replace(row, message=f"{row.message}; {hint}")
