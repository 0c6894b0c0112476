"""How the values of a JSON file are laid out, as its beginning shows.

How it works: ``take_head`` reads until the beginning of the file decides, and hands it back with
the rest. The first byte that is not blank decides between an array (``[``), objects (``{``) and a
single scalar. Objects may come one a line (JSON lines), pretty-printed over many lines, or one
right after another; for them the first line decides, with the byte that begins the next one:

* a first line that is one whole object: JSON lines, also if what follows the object on the line
  ends in ``}`` without beginning another object, which makes it a bad row;
* a first line whose object is still open, followed by a line that begins with ``{``: JSON lines
  whose first row is cut off, unless the object could continue with ``{``, that is after ``,``,
  ``:`` or ``[`` outside a string;
* anything else, a line over the limit of a row included: values one after another.

It holds at most the limit of a row and one block, and looks at all of it for each new block, fewer
than 20 times. The worst case is a wrong guess: a first line that is cut off right after ``,``,
``:`` or ``[`` is taken for a pretty-printed object, so the rows after it are read as its inside.
"""

from collections.abc import Iterator
from typing import NamedTuple

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.parsing.json_scanner import ValueScanner
from services.processor.runtime.parsing.row_buffer import MAX_ROW_BYTES
from services.processor.runtime.parsing.text import WHITESPACE


class Beginning(NamedTuple):
    """A text in two parts: ``head`` shows its layout, ``rest`` may end in an error."""

    head: bytes
    rest: Iterator[bytes]


def take_head(blocks: Iterator[bytes]) -> Beginning:
    """Split off the first line and the beginning of the next, or as much as a row may have."""
    head = bytearray()
    try:
        for block in blocks:
            head += block
            if head.startswith(b"[") or len(head) > MAX_ROW_BYTES or _next_line(head):
                break
    except UnreadableFileError as error:
        return Beginning(bytes(head), _raising(error))
    return Beginning(bytes(head), blocks)


def has_one_value_per_line(head: bytes) -> bool:
    """Return whether ``head``, which begins with an object, is JSON lines."""
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
    """Return what follows the first line and blank ones; empty if that has not been read yet."""
    return head.partition(b"\n")[2].lstrip(WHITESPACE)


def _raising(error: UnreadableFileError) -> Iterator[bytes]:
    raise error
    yield b""
