"""The kinds of single values: each reads what JSON has and what a text, such as a cell, has.

A kind returns the value, or raises a ``RejectedRowError`` whose message continues a sentence that
begins with the field: ``is "EURO"; expected three letters, for example "EUR"``.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from msgspec import Struct

from services.processor.runtime.declaration.limits import Limit
from services.processor.runtime.declaration.moments import Moments
from services.processor.runtime.declaration.numbers import read_number, whole
from services.processor.runtime.declaration.sentences import seen
from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.stored_numbers import normal


class Kind(Protocol):
    """Reads the values of one field; ``wanted`` says what it takes: "a text, for example ..."."""

    @property
    def wanted(self) -> str:
        """Return what the kind takes, as the end of a sentence."""

    def from_json(self, value: object) -> object:
        """Return a value of JSON as the field has it, or raise ``RejectedRowError``."""

    def from_text(self, text: str) -> object:
        """Return what a text means that is not empty, or raise ``RejectedRowError``."""


def refused(code: str, value: object, wanted: str) -> RejectedRowError:
    """Return the refusal of a value instead of which another one is wanted."""
    return RejectedRowError(code, f"is {seen(value)}; expected {wanted}")


class TextKind(Struct, frozen=True):
    """Text, perhaps of limited length or in a form."""

    wanted: str
    min_length: int
    max_length: int
    pattern: re.Pattern[str] | None

    def from_json(self, value: object) -> str:
        if not isinstance(value, str):
            raise refused("WRONG_TYPE", value, self.wanted)
        return self.from_text(value)

    def from_text(self, text: str) -> str:
        if not self.min_length <= len(text) <= self.max_length:
            problem = f"is {seen(text)}, {len(text)} characters; expected {self.wanted}"
            raise RejectedRowError("BAD_LENGTH", problem)
        if self.pattern and not self.pattern.search(text):
            raise refused("BAD_FORMAT", text, self.wanted)
        return text


class ChoiceKind(Struct, frozen=True):
    """One of a few texts."""

    wanted: str
    choices: frozenset[str]

    def from_json(self, value: object) -> str:
        if not isinstance(value, str):
            raise refused("WRONG_TYPE", value, self.wanted)
        return self.from_text(value)

    def from_text(self, text: str) -> str:
        if text not in self.choices:
            raise refused("UNKNOWN_VALUE", text, self.wanted)
        return text


class TruthKind(Struct, frozen=True):
    """True or false; as a text in any case."""

    wanted: str

    def from_json(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise refused("WRONG_TYPE", value, self.wanted)
        return value

    def from_text(self, text: str) -> bool:
        if text.lower() not in {"true", "false"}:
            raise refused("WRONG_TYPE", text, self.wanted)
        return text.lower() == "true"


class WholeKind(Struct, frozen=True):
    """A number without decimals: ``2``, and ``2.0`` as well."""

    wanted: str
    limits: Sequence[Limit]
    decimal_comma: bool

    def from_json(self, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise refused("WRONG_TYPE", value, self.wanted)
        return self._checked(value, value)

    def from_text(self, text: str) -> int:
        return self._checked(read_number(text, decimal_comma=self.decimal_comma), text)

    def _checked(self, number: int | Decimal | None, value: object) -> int:
        found = None if number is None else whole(number)
        if found is None:
            raise refused("WRONG_TYPE", value, self.wanted)
        check(found, value, self.limits, self.wanted)
        return found


class NumberKind(Struct, frozen=True):
    """An exact number; in JSON a number or a text."""

    wanted: str
    limits: Sequence[Limit]
    decimal_comma: bool
    text_wanted: str

    def from_json(self, value: object) -> int | Decimal:
        if isinstance(value, str):
            return self.from_text(value.strip())
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise refused("WRONG_TYPE", value, self.wanted)
        number = normal(Decimal(value))
        check(number, value, self.limits, self.wanted)
        return number

    def from_text(self, text: str) -> int | Decimal:
        number = read_number(text, decimal_comma=self.decimal_comma)
        if number is None:
            raise refused("BAD_FORMAT", text, self.text_wanted)
        check(number, text, self.limits, self.text_wanted)
        return number


def check(number: int | Decimal, value: object, limits: Sequence[Limit], wanted: str) -> None:
    """Raise ``RejectedRowError`` unless the number that was read as ``value`` keeps all limits."""
    for limit in limits:
        if not limit.keeps(number):
            raise refused(limit.code, value, wanted)


class MomentKind(Struct, frozen=True):
    """A moment; its decimals are cut, never rounded."""

    moments: Moments

    @property
    def wanted(self) -> str:
        return self.moments.wanted

    def from_json(self, value: object) -> datetime:
        if not isinstance(value, str):
            raise refused("WRONG_TYPE", value, self.wanted)
        return self.moments.moment(value)

    def from_text(self, text: str) -> datetime:
        return self.moments.moment(text)


class DayKind(Struct, frozen=True):
    """A date without a time."""

    moments: Moments

    @property
    def wanted(self) -> str:
        return self.moments.wanted_day

    def from_json(self, value: object) -> date:
        if not isinstance(value, str):
            raise refused("WRONG_TYPE", value, self.wanted)
        return self.from_text(value)

    def from_text(self, text: str) -> date:
        day = self.moments.day(text)
        if day is None:
            raise refused("BAD_FORMAT", text, self.wanted)
        return day
