"""Moments in the texts of a file: RFC 3339, or a form and a zone that are declared.

A moment has one meaning or is refused. Without an offset it needs a declared zone; and where the
clocks of that zone are put back or forward, a local time that occurs twice or never is refused too,
as any choice between its meanings would be wrong for somebody.
"""

import re
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

import msgspec

from services.processor.runtime.declaration.sentences import seen
from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.file_form import FileForm

# msgspec rounds to microseconds and strptime refuses more, so what is beyond them is cut before.
_LONG_FRACTION = re.compile(r"([.,][0-9]{6})[0-9]+")
_LIKE_RFC_3339 = re.compile(r"\d{4}(-\d\d){2}[Tt ]\d\d(:\d\d){2}(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_HOURS = re.compile(r"%[HIcX]")
_LONGEST_EXACT = len("2026-01-31T23:59:59.123456Z")
_SHOWN = datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC)
_RFC_3339 = "2026-01-31T23:59:59Z"
_OUTER_YEARS = (1, 9999)
_ISO_8601 = "2026-01-31"


class Moments:
    """Reads moments and dates in the form of one producer."""

    def __init__(self, form: FileForm) -> None:
        self._forms = form.moment_forms
        self._zone_name = form.zone
        self._zone = zone_of(form.zone)
        shown = _SHOWN.strftime(form.moment_forms[0]) if form.moment_forms else _RFC_3339
        self.wanted = f"a moment such as {seen(shown)}"
        days = [each for each in form.moment_forms if not _HOURS.search(each)]
        days += form.moment_forms
        shown = _SHOWN.strftime(days[0]) if days else _ISO_8601
        self.wanted_day = f"a date such as {seen(shown)}"

    def moment(self, text: str) -> datetime:
        """Return the moment, with an offset; its decimals are cut after the microseconds.

        Raises:
            RejectedRowError: it is none, or not one moment only, or not in the years 1 to 9999.

        """
        moment = self._parsed(text)
        if moment is None:
            is_like_one = _LIKE_RFC_3339.fullmatch(text)
            why = ", which is not a valid day and time" if is_like_one else ""
            raise RejectedRowError("BAD_FORMAT", f"is {seen(text)}{why}; expected {self.wanted}")
        if moment.tzinfo is None:
            moment = self._in_zone(moment, text)
        try:
            if moment.year in _OUTER_YEARS:
                moment.astimezone(UTC)
        except OverflowError as error:
            problem = f"is {seen(text)}; expected a moment in the years 1 to 9999 of UTC"
            raise RejectedRowError("OUT_OF_RANGE", problem) from error
        return moment

    def day(self, text: str) -> date | None:
        """Return the date that a text is in ISO 8601 or in one of the forms; else ``None``."""
        try:
            return msgspec.convert(text, date)
        except msgspec.ValidationError:
            moment = self._in_forms(text)
            return moment and moment.date()

    def _parsed(self, text: str) -> datetime | None:
        try:
            return msgspec.convert(_cut(text) if len(text) > _LONGEST_EXACT else text, datetime)
        except msgspec.ValidationError:
            return self._in_forms(text) or self._in_forms(_cut(text))

    def _in_forms(self, text: str) -> datetime | None:
        for form in self._forms:
            try:
                return datetime.strptime(text, form)  # noqa: DTZ007  # the zone is the form's
            except ValueError:
                continue
        return None

    def _in_zone(self, local: datetime, text: str) -> datetime:
        if self._zone is None:
            problem = f"is {seen(text)}, which has no offset from UTC; expected {self.wanted}"
            raise RejectedRowError("BAD_FORMAT", problem)
        first, second = (local.replace(tzinfo=self._zone, fold=fold) for fold in (0, 1))
        before, after = first.utcoffset(), second.utcoffset()
        if before is not None and after is not None and before != after:
            times = "occurs twice" if before > after else "does not occur"
            problem = f"is {seen(text)}, a local time that {times} in {self._zone_name} because "
            problem += f'clocks change; expected an offset as well, for example "{_RFC_3339}"'
            raise RejectedRowError("BAD_FORMAT", problem)
        return first


def _cut(text: str) -> str:
    return _LONG_FRACTION.sub(r"\1", text)


def zone_of(name: str | None) -> tzinfo | None:
    """Return the zone with an IANA name; UTC needs no time zone database."""
    if name is None:
        return None
    return UTC if name == "UTC" else ZoneInfo(name)
