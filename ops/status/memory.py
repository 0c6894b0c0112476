"""Answers of earlier looks, which stand for new ones while they are young.

Who looks every two seconds need not ask everything each time, and an answer that is late does not
make what was known a moment ago unknown. Errors are not remembered, and of a region that answers
nothing at all nothing is: that it is gone is seen at once.
"""

import time
from collections.abc import Mapping
from typing import Any

from ops.status.asking import NoAnswerError

Key = tuple[str, str]  # region, subject


class Memory:
    """Keeps answers by their questions.

    ``fresh_s`` says how long an answer makes asking again needless, by question and 0 for others;
    ``late_s`` how long it stands for one that does not come. Both are 0 for who looks once.
    """

    def __init__(self, fresh_s: Mapping[Key, float], late_s: float) -> None:
        self._fresh_s = fresh_s
        self._late_s = late_s
        self._kept: dict[Key, tuple[float, Any]] = {}

    def is_due(self, key: Key) -> bool:
        """Return whether a question has to be asked."""
        return self._age_s(key) >= self._fresh_s.get(key, 0.0)

    def settle(self, answers: Mapping[Key, Any]) -> dict[Key, Any]:
        """Return the new answers, completed by those that stand for what was not asked or is late.

        What was fresh when the questions were put still is, however long the answers took.
        """
        answering = {region for (region, _), each in answers.items() if _is_known(each)}
        for key, answer in answers.items():
            if _is_known(answer):
                self._kept[key] = time.monotonic(), answer
        kept = {
            key: answer
            for key, (_, answer) in self._kept.items()
            if key[0] in answering and self._stands(key, answers.get(key))
        }
        return {**answers, **kept}

    def _stands(self, key: Key, answer: object) -> bool:
        """Return whether what is kept is the answer: none was asked for, or it is late."""
        if answer is None:
            return key in self._fresh_s
        return isinstance(answer, NoAnswerError) and self._age_s(key) < self._late_s

    def _age_s(self, key: Key) -> float:
        return time.monotonic() - self._kept[key][0] if key in self._kept else float("inf")


def _is_known(answer: object) -> bool:
    return not isinstance(answer, Exception)
