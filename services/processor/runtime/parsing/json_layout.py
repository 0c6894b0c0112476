"""How the values of a JSON file stand in it, seen at its beginning."""

from collections.abc import Iterator
from typing import NamedTuple

from services.processor.runtime.parsing.json_scanner import ValueScanner
from services.processor.runtime.parsing.rows import MAX_ROW_BYTES
from services.processor.runtime.parsing.text import WHITESPACE
from services.processor.runtime.parsing.unreadable import UnreadableFileError


class Beginning(NamedTuple):
    """A text in two parts: ``head`` tells its layout, ``rest`` may end in an error."""

    head: bytes
    rest: Iterator[bytes]


def beginning(blocks: Iterator[bytes]) -> Beginning:
    """Take the first line and how the next one begins, or what is within the limit of a row."""
    head = bytearray()
    try:
        for block in blocks:
            head += block
            if head.startswith(b"[") or len(head) > MAX_ROW_BYTES or _next_line(head):
                break
    except UnreadableFileError as error:
        return Beginning(bytes(head), _nothing_but(error))
    return Beginning(bytes(head), blocks)


def holds_one_value_a_line(head: bytes) -> bool:
    """Tell JSON lines from objects that stand anyhow; the text begins with an object.

    A first line that is broken is a bad row like any other: its value is open at its end, and could
    not go on with the object that begins the next line.
    """
    line, newline, _ = head.partition(b"\n")
    if len(head) > MAX_ROW_BYTES and not newline:
        return False
    scanner = ValueScanner()
    end = scanner.end(line, scanner.begin(line, 0))
    if end < 0:
        may_go_on = line.rstrip(WHITESPACE).endswith((b",", b":", b"["))
        return _next_line(head).startswith(b"{") and (scanner.is_in_string or not may_go_on)
    after = line[end:].strip(WHITESPACE)
    # Some log shippers write one object right after another.
    return not after or (after.endswith(b"}") and not after.startswith(b"{"))


def _next_line(head: bytes | bytearray) -> bytes | bytearray:
    """What follows the first line and blank ones; nothing, if that is not seen yet."""
    return head.partition(b"\n")[2].lstrip(WHITESPACE)


def _nothing_but(error: UnreadableFileError) -> Iterator[bytes]:
    raise error
    yield b""
