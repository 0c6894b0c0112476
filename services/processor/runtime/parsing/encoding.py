"""Text in the encoding that a producer declares, as UTF-8.

How it works: the beginning of the file must be possible in the declared encoding. A byte order mark
must be one in that encoding too, and a beginning with the NULs of UTF-16 or UTF-32 must not leave
NULs in the text; a NUL anywhere else is a character like any other. Text in UTF-8 is then passed on
as it is, and whoever takes it apart finds the bytes that are not UTF-8. Other text is decoded block
by block and encoded anew. Time is linear, and memory is a block of each.
"""

import codecs
import re
from collections.abc import Iterator
from itertools import chain

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.parsing.rows import SAVE_AS_UTF8

# The mark of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
# Where NULs are in the first two characters of a text that begins with ASCII (RFC 4627, 3).
_NULS = (
    (re.compile(rb"[^\0]\0[^\0]\0|\0[^\0]\0[^\0]"), "UTF-16"),
    (re.compile(rb"[^\0]\0\0\0|\0\0\0[^\0]"), "UTF-32"),
)
_MARK = "\ufeff"
_UTF8 = ("utf-8", "utf-8-sig")


def is_utf8(encoding: str) -> bool:
    """Return whether a codec of Python, under any of its names, is UTF-8."""
    return codecs.lookup(encoding).name in _UTF8


def in_utf8(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Encode a text anew as UTF-8; one declared as UTF-8 is not changed.

    Raises:
        UnreadableFileError: the text begins like one in another encoding; or, while reading the
            blocks, it is not what ``encoding`` says.

    """
    first = next(blocks, b"")
    _reject_others(first, encoding)
    whole = chain((first,), blocks)
    return whole if is_utf8(encoding) else _encoded_anew(whole, encoding)


def _reject_others(first: bytes, encoding: str) -> None:
    for mark, name in _MARKS:
        if first.startswith(mark):
            if _decoded(mark, encoding) not in ("", _MARK):
                raise _other_encoding(
                    f"the file begins with the byte order mark of {name}", encoding
                )
            return
    for nuls, name in _NULS:
        if nuls.match(first) and "\0" in _decoded(first[:4], encoding):
            raise _other_encoding(f"the file looks like {name}", encoding)


def _decoded(start: bytes, encoding: str) -> str:
    """Return the characters of ``start``; NUL where it is not possible in the encoding."""
    try:
        return start.decode(encoding)
    except UnicodeError:
        return "\0"


def _encoded_anew(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    for block in chain(blocks, (b"",)):
        try:
            text = decoder.decode(block, final=not block)
            yield text.encode()
        except UnicodeError as error:
            raise _other_encoding(_place(error, line), encoding) from error
        line += text.count("\n")


def _place(error: UnicodeError, line: int) -> str:
    if not isinstance(error, UnicodeDecodeError):
        return f"on line {line} or after it is a character that does not exist"
    before = error.object[: error.start].decode(error.encoding, "replace")
    line += before.count("\n")
    character = len(before.rpartition("\n")[2]) + 1
    return f"on line {line} is the byte {error.object[error.start]:02X} near character {character}"


def _other_encoding(problem: str, declared: str) -> UnreadableFileError:
    if is_utf8(declared):
        return UnreadableFileError("NOT_UTF8", f"{problem}, not UTF-8; {SAVE_AS_UTF8}")
    wanted = f"files of this dataset are declared to be in {declared}"
    hint = f"save the file in {declared}, or have its encoding declared"
    return UnreadableFileError("WRONG_ENCODING", f"{problem}, but {wanted}; {hint}")
