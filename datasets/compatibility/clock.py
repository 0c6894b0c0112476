"""Another time for code that is loaded already, so that a contract that asks for it is found out.

The names by which modules know the clocks of the standard library are bound to others, which are
behind by decades: then a moment of the samples lies in the future, and none is too old. Everything
else about these types stays as it is, because what a contract makes must not depend on the
replacement: a moment that is read from a row is still a plain ``datetime``.
"""

import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from types import ModuleType
from typing import Any, TypeVar

# Another year, month, weekday, hour, minute and second.
BEHIND = timedelta(days=14_643, hours=7, minutes=13, seconds=17)

Result = TypeVar("Result")


class _Behind(type):
    """Answers for the type that ``real`` names, but for what its own class defines."""

    real: type[Any]

    def __call__(cls, *arguments: object, **named: object) -> object:
        return cls.real(*arguments, **named)

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, cls.real)

    def __getattr__(cls, name: str) -> object:
        return getattr(cls.real, name)


class _Date(metaclass=_Behind):
    real = date

    @staticmethod
    def today() -> date:
        return date.today() - BEHIND  # noqa: DTZ011  # what it stands for


class _Datetime(metaclass=_Behind):
    real = datetime

    @staticmethod
    def now(tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) - BEHIND

    @staticmethod
    def today() -> datetime:
        return datetime.now() - BEHIND  # noqa: DTZ005  # what it stands for

    @staticmethod
    def utcnow() -> datetime:
        return datetime.utcnow() - BEHIND  # noqa: DTZ003  # what it stands for


def _seconds_behind(read: Callable[[], Any], behind: int) -> Callable[[], Any]:
    return lambda: read() - behind


def _moment_behind(read: Callable[..., Result]) -> Callable[..., Result]:
    now = time.time

    def moment(seconds: float | None = None) -> Result:
        return read(now() - BEHIND.total_seconds() if seconds is None else seconds)

    return moment


_SECONDS = int(BEHIND.total_seconds())
_REPLACEMENTS: dict[object, object] = {
    date: _Date,
    datetime: _Datetime,
    time.time: _seconds_behind(time.time, _SECONDS),
    time.time_ns: _seconds_behind(time.time_ns, _SECONDS * 10**9),
    time.monotonic: _seconds_behind(time.monotonic, _SECONDS),
    time.gmtime: _moment_behind(time.gmtime),
    time.localtime: _moment_behind(time.localtime),
}


def put_back(package: str) -> None:
    """Let every module of ``package`` that is loaded see clocks that are behind by ``BEHIND``.

    It stays so until the process ends. Code that has used its clocks for types, as in a struct,
    must have run before: such types stay as they are then.
    """
    ours = [each for name, each in sys.modules.items() if f"{name}.".startswith(f"{package}.")]
    for module in [*ours, sys.modules["datetime"], sys.modules["time"]]:
        _replace(module)


def _replace(module: ModuleType) -> None:
    for name, value in list(vars(module).items()):
        found = next((new for old, new in _REPLACEMENTS.items() if old is value), None)
        if found is not None:
            setattr(module, name, found)
