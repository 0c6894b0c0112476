"""What producers' data looks like in a test, and all that a function says for others to read.

A record's contents may be in the table, in events and in the notice about a file. They may not be
in what is said here: log lines, metrics, and what an error says that leaves the function.
"""

import io
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

from aws_lambda_powertools import Logger, Metrics

# No word of ours has this letter, so one of them tells, even if no more of a value is quoted.
LETTER = "Ж"
MARK = 4 * LETTER
_SPELLINGS = (LETTER, "\\u0416", "\\xd0", "\\x96", LETTER.encode().decode("latin-1"))


class Context:
    """What Lambda tells a function of its invocation."""

    function_name = "function"
    function_version = "1"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:function"
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def __init__(self, remaining_ms: Callable[[], int] = lambda: 60_000) -> None:
        self.get_remaining_time_in_millis = remaining_ms


@dataclass
class Told:
    """What an invocation led to: all that it said, and what it returned or raised."""

    said: str
    answer: Any = None
    error: Exception | None = None

    def leaks(self) -> bool:
        """Return whether any of it has something of a producer's data."""
        return any(spelling in self.said for spelling in _SPELLINGS)


@dataclass
class Ears:
    """A logger and metrics as a function has them, and all that they are told.

    While the function runs, ``called`` is told each call of a Python function below ``folder``;
    what it raises, the call raises.
    """

    name: str
    folder: str = "/services/"
    heard: io.StringIO = field(default_factory=io.StringIO)
    called: Callable[[CodeType], object] | None = None

    def __post_init__(self) -> None:
        self.logger = Logger(service=self.name, level="DEBUG", stream=self.heard)
        self.metrics = Metrics(namespace="tests", service=self.name)

    def invoke(self, handler: Callable[[Any, Any], Any], event: object, context: Context) -> Told:
        """Call a handler as the function's main has it called, and return what it led to."""
        self.heard.seek(0)
        self.heard.truncate()
        answer, error = None, None
        whole = self.logger.inject_lambda_context(self.metrics.log_metrics(handler))
        before = sys.gettrace()
        with redirect_stdout(self.heard), warnings.catch_warnings(action="ignore"):
            sys.settrace(self._watch if self.called else before)
            try:
                answer = whole(event, context)
            except Exception as raised:  # noqa: BLE001  # whatever leaves the function is looked at
                error = raised
            finally:
                sys.settrace(before)
        self.metrics.clear_metrics()
        said = self.heard.getvalue() + "".join(_said_by(error))
        return Told(said, answer, error)

    def _watch(self, frame: FrameType, event: str, _: object) -> None:
        if self.called and event == "call" and self.folder in frame.f_code.co_filename:
            self.called(frame.f_code)


def _said_by(error: BaseException | None) -> Iterator[str]:
    """Yield what an error says, and those that it may be shown with."""
    yield f"{error!r} {getattr(error, '__notes__', '')}"
    while error is not None:
        yield f" {type(error).__name__}: {error}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
