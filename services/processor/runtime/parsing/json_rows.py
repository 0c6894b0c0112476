from collections.abc import Iterator
from itertools import chain, count

from services.processor.runtime.parsing.bad_rows import not_utf8, too_large
from services.processor.runtime.parsing.json_grammar import ARRAY, DOCUMENTS
from services.processor.runtime.parsing.json_layout import beginning, holds_one_value_a_line
from services.processor.runtime.parsing.json_scalar import only_scalar
from services.processor.runtime.parsing.json_splitter import JsonSplitter
from services.processor.runtime.parsing.lines import lines
from services.processor.runtime.parsing.pieces import Oversized, Piece
from services.processor.runtime.parsing.rows import BadRow, JsonRow
from services.processor.runtime.parsing.text import Text


def json_rows(text: Text) -> Iterator[JsonRow | BadRow]:
    """Yield the elements of an array, the value of each line, or one value after another."""
    return map(_row, count(1), _values(text))


def _values(text: Text) -> Iterator[Piece]:
    head, rest = beginning(text.blocks)
    source = chain((head,), rest)
    if head.startswith(b"["):
        return JsonSplitter(ARRAY, text.start).split(source)
    if not head.startswith(b"{"):
        return iter((only_scalar(head, rest),))
    if holds_one_value_a_line(head):
        return lines(source)
    return JsonSplitter(DOCUMENTS, text.start).split(source)


def _row(number: int, value: Piece) -> JsonRow | BadRow:
    if isinstance(value, Oversized):
        return too_large(number, value)
    if not value.isascii():
        # Decoding into a struct skips what it does not know without looking at its bytes.
        try:
            value.decode()
        except UnicodeDecodeError as error:
            return not_utf8(number, value, error)
    return JsonRow(number, value)
