"""The fields of one CSV record, and what is wrong with their quotes."""

import csv
import re

from services.processor.runtime.parsing.row_buffer import MAX_ROW_BYTES
from services.processor.runtime.text_truncation import shown

QUOTED = re.compile(r'"([^"]*+(?:""[^"]*+)*)"')
_EXAMPLE = '"5"" pipe"'


class QuotingError(Exception):
    """The quotes of a record are not those of CSV; the message is a sentence for its producer."""


class CsvFields:
    """Takes records apart whose fields are separated by one delimiter.

    A record is the text up to the first newline outside quotes, so all quotes in it are closed.
    """

    def __init__(self, delimiter: str) -> None:
        csv.field_size_limit(MAX_ROW_BYTES)  # else a field over 128 KiB is an error
        self._delimiter = delimiter
        self._dialect = csv.reader((), delimiter=delimiter, strict=True).dialect
        end = re.escape(delimiter)
        self._field = re.compile(rf'(?:{QUOTED.pattern}(?!")|(?!"))[^{end}]*+')

    def values(self, record: str) -> list[str]:
        """Return the values of the fields, unquoted; a quote within a field is a character.

        Raises:
            QuotingError: text follows a closing quote, a carriage return stands outside quotes, or
                a quote that opens within one field is closed within another.

        """
        if '"' not in record and "\r" not in record:
            return record.split(self._delimiter)  # as csv.reader does, in a third of the time
        try:
            values = next(csv.reader((record,), self._dialect))
        except csv.Error as error:
            raise QuotingError(self._problem(record)) from error
        if len([value for value in values if '"' in value]) > 1:
            self._reject_field_in_two(record)
        return values

    def written(self, record: str) -> list[str]:
        """Return the fields as they are written, with their quotes."""
        fields, pos = [], 0
        while found := self._field.match(record, pos):
            fields.append(found[0])
            pos = found.end() + 1
            if pos > len(record):
                break
        return fields

    def _problem(self, record: str) -> str:
        for number, field in enumerate(self.written(record), 1):
            quoted = QUOTED.match(field)
            rest = field[quoted.end() :] if quoted else field
            if quoted and rest.strip("\r"):
                return (
                    f"field {number}, {shown(field)}, goes on after its closing quote; quote the"
                    f" whole field, and write a quote inside it twice, for example {_EXAMPLE}"
                )
            if "\r" in rest:
                return (
                    f"field {number}, {shown(field)}, has a carriage return; lines end in LF or"
                    " CRLF, and a value with a line break in it needs quotes around it"
                )
        return f"the quotes of {shown(record)} do not belong together"

    def _reject_field_in_two(self, record: str) -> None:
        """Raise if a quote opens in one unquoted field and is closed at the end of a later one.

        A single quote is text, such as an inch mark: ``5" pipe``, ``6"``.
        """
        opening = None
        for field in map(str.rstrip, self.written(record)):
            if field.startswith('"') or field.count('"') % 2 == 0:
                continue
            if not field.endswith('"'):
                opening = opening or field
            elif opening is not None:
                example = f'9.50{self._delimiter}"Table{self._delimiter} round"'
                raise QuotingError(
                    f"a quote opens in {shown(opening)} and closes in {shown(field)}, which are two"
                    f" fields; a quoted field begins with its quote, for example {example}"
                )


def fields(number: int) -> str:
    """Return ``1 field``, ``2 fields``."""
    return f"{number} field" if number == 1 else f"{number} fields"
