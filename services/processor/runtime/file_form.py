"""The form in which a dataset's producer writes its files; each contract declares it once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.processor.runtime.errors import ContractError

_SOME_MOMENT = datetime(2026, 1, 31, 23, 59, 58, tzinfo=UTC)
_YEARS = ("%Y", "%y")
_NO_DELIMITERS = '"\r\n\0'


@dataclass(frozen=True, kw_only=True, slots=True)
class FileForm:
    """How to read a producer's files.

    ``delimiter`` separates the fields of a CSV row; a ``.tsv`` file has tabs whatever it says.
    ``encoding`` is a codec of Python. ``skip_lines`` come before a CSV header. ``records_at`` is
    the path of the list that holds the records of a JSON object (``data``, ``result.items``).
    ``refuses_wrappers`` fails a JSON file that is a single object around one list of objects.

    The rest concerns CSV cells and, except for ``null_texts``, the same texts in JSON:
    ``decimal_comma`` for ``1.234,50``, ``null_texts`` that stand for an absent value,
    ``moment_forms`` (``strptime`` patterns) besides RFC 3339, and the IANA time ``zone`` of moments
    that have no offset.

    Raises:
        ContractError: no file can be read in this form; the message says what to write instead.

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

    def __post_init__(self) -> None:
        if len(self.delimiter) != 1 or self.delimiter in _NO_DELIMITERS:
            wanted = 'one character that is no quote or end of line, for example ";"'
            raise ContractError(f"delimiter is {self.delimiter!r}; expected {wanted}")
        if self.skip_lines < 0:
            raise ContractError(f"skip_lines is {self.skip_lines}; expected 0 or more")
        if self.records_at is not None and not all(self.records_at.split(".")):
            wanted = 'names joined by points, for example "result.items"'
            raise ContractError(f"records_at is {self.records_at!r}; expected {wanted}")
        _check_texts("null_texts", self.null_texts)
        _check_texts("moment_forms", self.moment_forms)
        _check_encoding(self.encoding)
        _check_zone(self.zone)
        for form in self.moment_forms:
            _check_moment_form(form)


def _check_texts(name: str, texts: object) -> None:
    if not isinstance(texts, tuple) or not all(isinstance(text, str) for text in texts):
        raise ContractError(f'{name} is {texts!r}; expected a tuple of texts, for example ("x",)')


def _check_encoding(encoding: str) -> None:
    try:
        " ".encode(encoding)
    except LookupError as error:
        wanted = 'a text codec of Python, for example "cp1252"'
        raise ContractError(f"encoding is {encoding!r}; expected {wanted}") from error


def _check_zone(zone: str | None) -> None:
    try:
        if zone not in {None, "UTC"}:
            ZoneInfo(str(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        wanted = 'a name of the IANA time zone database, for example "Europe/Berlin"'
        raise ContractError(f"zone is {zone!r}; expected {wanted}") from error


def _check_moment_form(form: str) -> None:
    """Refuse a pattern that ``strptime`` does not take, or loses the day, its half or year."""
    if "%Z" in form:  # strptime reads the name of a zone and forgets it
        wanted = "the offset from UTC as %z, or a zone that is declared"
        raise ContractError(f"moment_forms has {form!r}; expected {wanted}")
    if not (any(year in form for year in _YEARS) and _keeps_the_day(form)):
        wanted = 'a strptime pattern with a whole date, for example "%d.%m.%Y %H:%M"'
        raise ContractError(f"moment_forms has {form!r}; expected {wanted}")


def _keeps_the_day(form: str) -> bool:
    try:
        read = datetime.strptime(_SOME_MOMENT.strftime(form), form)  # noqa: DTZ007  # only its day
    except ValueError:
        return False
    return read.date() == _SOME_MOMENT.date() and read.hour in {0, _SOME_MOMENT.hour}


DEFAULT_FORM = FileForm()
