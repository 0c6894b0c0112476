"""The form in which a dataset's producer writes its files; each contract declares it once."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class FileForm:
    """How to read a producer's files.

    ``delimiter`` separates the fields of a CSV row; a ``.tsv`` file has tabs whatever it says.
    ``encoding`` is a codec of Python. ``skip_lines`` come before a CSV header. ``records_at`` is
    the path of the list that holds the records of a JSON object (``data``, ``result.items``).
    ``refuses_wrappers`` fails a JSON file that is a single object around one list of objects.

    The rest concerns the texts of CSV cells: ``decimal_comma`` for ``1.234,50``, ``null_texts``
    that stand for an absent value, ``moment_forms`` (``strptime`` patterns) besides RFC 3339, and
    the IANA time ``zone`` of moments that have no offset.
    """

    delimiter: str = ","
    encoding: str = "utf-8"
    skip_lines: int = 0
    records_at: str | None = None
    refuses_wrappers: bool = False
    decimal_comma: bool = False
    null_texts: tuple[str, ...] = ()
    moment_forms: tuple[str, ...] = ()
    zone: str | None = None


DEFAULT_FORM = FileForm()
