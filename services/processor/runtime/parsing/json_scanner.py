"""The end of one JSON value, or the place where it breaks (RFC 8259), in a text of any size.

How it works: the scanner reads token by token. Between two tokens it knows what the grammar expects
next, and the stack of the containers that are open. It is over when the value has ended, or at the
first token that the grammar does not allow: there the value is broken.

Two kinds of mistakes are told apart. One that leaves no doubt where the value ends is only noted,
the first of them in ``mistake``, and reading goes on: a word that is no value (``NaN``, ``True``,
``07``, ``1.``), a wrong escape, or a control character in a string. Any other breaks the value: a
token out of place, a line that ends in a string, a text that ends too early. A string never spans
lines, so a string that is not closed breaks where its line ends.

A token that is not held whole waits for the next block; of a string, only an escape does. After a
comma, one match takes a run of elements or members that are held whole, nested at most five deep,
and msgspec judges the run in one call; if it is not valid, it is read token by token.

Time is linear: a word that waits is read once more for each block, and breaks the value over the
limit of a row, which is 16 blocks. Memory is the stack, 8 bytes for each open container: a value
may have as many as a row has bytes, and breaks with more.
"""

from array import array

from services.processor.runtime.parsing import json_tokens as tokens
from services.processor.runtime.parsing.json_fault import Expected, Fault, fault_at
from services.processor.runtime.parsing.json_valid import is_valid
from services.processor.runtime.parsing.json_window import Window
from services.processor.runtime.parsing.row_buffer import MAX_ROW_BYTES, RowBuffer

_QUOTE, _BACKSLASH, _COMMA, _COLON, _NEWLINE = b'"\\,:\n'
_OPENING, _CLOSING = b"[{", b"]}"
_IN_QUOTES = (Expected.IN_NAME, Expected.IN_STRING)


class ValueScanner:
    """Reads the value that begins at ``at``, up to where it ends or, with a ``fault``, breaks.

    With a ``depth`` it reads the rest of a value, after a member of so many objects around it.
    ``containers`` are those that are open, as ``offset << 1 | is_object``, in ascending order.
    """

    def __init__(self, window: Window, at: int, depth: int = 0) -> None:
        self.at = at
        self.is_over = False
        self.mistake: Fault | None = None
        self.fault: Fault | None = None
        self.containers = array("Q", [1] * depth)
        self._window = window
        self._expected = Expected.IN_OBJECT if depth else Expected.VALUE
        self._no_run_before = 0

    def read_all(self, held: RowBuffer) -> None:
        """Read to where the value ends or breaks; what is over the limit of a row goes to ``held``.

        The rest of the value is still in the window.
        """
        start = self.at
        while not self.is_over:
            before = self.at
            self._step()
            if self.at == before and not self.is_over:
                self._hold_more(start, held)

    def _hold_more(self, start: int, held: RowBuffer) -> None:
        if self._window.is_whole:
            self._break()
            return
        if self.at - start > MAX_ROW_BYTES:
            held.add(self._window.take(self.at))
        self._window.grow()

    def _step(self) -> None:
        """Read the next token; stay where it is if more must be held first."""
        if self._expected in _IN_QUOTES:
            self._quoted()
            return
        blanks = tokens.BLANKS.match(self._window.data, self._here)
        self.at += len(blanks[0]) if blanks else 0
        if self._left():
            self._token(self._window.data[self._here])

    def _token(self, byte: int) -> None:
        match self._expected:
            case Expected.IN_ARRAY | Expected.IN_OBJECT:
                self._separator(byte)
            case Expected.COLON if byte == _COLON:
                self._advance(Expected.VALUE)
            case Expected.NAME | Expected.FIRST_NAME if byte == _QUOTE:
                self._advance(Expected.IN_NAME)
            case Expected.FIRST_NAME | Expected.FIRST_ELEMENT if self._closes(byte):
                self._close()
            case Expected.VALUE | Expected.FIRST_ELEMENT:
                self._value(byte)
            case _:
                self._break()

    def _value(self, byte: int) -> None:
        if byte in _OPENING and len(self.containers) < MAX_ROW_BYTES:
            is_object = _OPENING.index(byte)
            self.containers.append(self.at << 1 | is_object)
            self._advance(Expected.FIRST_NAME if is_object else Expected.FIRST_ELEMENT)
        elif byte == _QUOTE:
            self._advance(Expected.IN_STRING)
        elif word := tokens.WORD.match(self._window.data, self._here):
            self._word(word[0])
        else:
            self._break()

    def _separator(self, byte: int) -> None:
        is_object = self.containers[-1] & 1
        if byte == _COMMA:
            if not self._pass_run(is_object):
                self._advance(Expected.NAME if is_object else Expected.VALUE)
        elif self._closes(byte):
            self._close()
        else:
            self._break()

    def _pass_run(self, is_object: int) -> bool:
        """Pass values that are held whole, with the comma before each, if all of them are valid."""
        if self.at < self._no_run_before:
            return False
        found = (tokens.members() if is_object else tokens.elements()).match(
            self._window.data, self._here
        )
        if found is None:
            return False
        inside = found[0][1:]
        if not is_valid(b"{" + inside + b"}" if is_object else b"[" + inside + b"]"):
            self._no_run_before = self.at + len(found[0])
            return False
        self.at += len(found[0])
        return True

    def _word(self, word: bytes) -> None:
        is_too_long = len(word) > MAX_ROW_BYTES
        if len(word) == self._left() and not self._window.is_whole and not is_too_long:
            return
        if not tokens.VALID_WORD.fullmatch(word):
            self._note(Expected.VALUE)
        self.at += len(word)
        self._break() if is_too_long else self._end_value()

    def _quoted(self) -> None:
        part = tokens.STRING_PART.match(self._window.data, self._here)
        if part:
            self.at += len(part[0])
        elif self._left():
            self._end_quoted(self._window.data[self._here])

    def _end_quoted(self, byte: int) -> None:
        """Read what is no part of a string: its closing quote, or a mistake."""
        if byte == _QUOTE and self._expected is Expected.IN_NAME:
            self._advance(Expected.COLON)
        elif byte == _QUOTE:
            self.at += 1
            self._end_value()
        elif byte == _NEWLINE:
            self._break()
        elif byte == _BACKSLASH:
            if self._left() >= tokens.LONGEST_ESCAPE_BYTES or self._window.is_whole:
                self._note(Expected.ESCAPE)
                self.at += 1
        else:
            self._note(Expected.NO_CONTROL)
            self.at += 1

    def _closes(self, byte: int) -> bool:
        return byte == _CLOSING[self.containers[-1] & 1]

    def _close(self) -> None:
        self.containers.pop()
        self.at += 1
        self._end_value()

    def _end_value(self) -> None:
        if not self.containers:
            self.is_over = True
        else:
            is_object = self.containers[-1] & 1
            self._expected = Expected.IN_OBJECT if is_object else Expected.IN_ARRAY

    def _break(self) -> None:
        self.is_over = True
        self.fault = fault_at(self._window, self.at, self._expected)

    def _note(self, expected: Expected) -> None:
        if self.mistake is None:
            self.mistake = fault_at(self._window, self.at, expected)

    def _advance(self, expected: Expected) -> None:
        self.at += 1
        self._expected = expected

    @property
    def _here(self) -> int:
        return self.at - self._window.offset

    def _left(self) -> int:
        return len(self._window.data) - self._here
