"""Many questions at once, none of which can hold up the others.

Each question is asked in a thread of its own. Whoever asks waits until all are answered or the
limit has passed; a question without an answer by then has :class:`NoAnswerError` as its answer. A
question that is still awaited is not asked again, so there are never more threads than questions,
however long a region hangs. The threads are daemons: the process can end without them.
"""

import time
from collections.abc import Callable, Hashable, Mapping
from threading import Thread
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class NoAnswerError(Exception):
    """A question was not answered in time; the message says what time it had."""


class Asker(Generic[Key, Value]):
    """Asks questions by their keys, again and again if wanted."""

    def __init__(self) -> None:
        self._awaited: dict[Key, _Question[Value]] = {}

    def ask(
        self, questions: Mapping[Key, Callable[[], Value]], limit_s: float
    ) -> dict[Key, Value | Exception]:
        """Return what each question returned or raised, after ``limit_s`` at the latest."""
        for key, question in questions.items():
            if key not in self._awaited:
                self._awaited[key] = _Question(question)
        deadline_s = time.monotonic() + limit_s
        return {key: self._answer(key, deadline_s, limit_s) for key in questions}

    def _answer(self, key: Key, deadline_s: float, limit_s: float) -> Value | Exception:
        question = self._awaited[key]
        question.join(max(0.0, deadline_s - time.monotonic()))
        if question.is_alive():
            return NoAnswerError(f"no answer within {limit_s:.0f} s")
        del self._awaited[key]
        return question.answer


class _Question(Thread, Generic[Value]):
    def __init__(self, question: Callable[[], Value]) -> None:
        super().__init__(daemon=True)
        self._question = question
        self.answer: Value | Exception
        self.start()

    def run(self) -> None:
        try:
            self.answer = self._question()
        except Exception as error:  # noqa: BLE001  # whoever asked looks at it
            self.answer = error
