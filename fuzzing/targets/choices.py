"""Decisions of a check, taken from the bytes that the fuzzer gives, so that it can learn them."""

import copy
import json
from collections.abc import Sequence
from typing import Any, Final, TypeVar

Each = TypeVar("Each")

HOSTILE: Final[tuple[Any, ...]] = (
    *(None, True, 0, -1, 1.5, 1e308, 1 << 70, "", "x", "/", "%", "+", "%ff", "\ud800", "\0"),
    *([], {}, [[]], {"": {}}, {"S": "x"}, {"N": "1E+125"}, {"N": "x"}, {"NULL": True}, {"M": []}),
    *({"L": [{"S": 1}]}, {"B": "AA=="}, {"SS": ["a"]}, {"S": "\udfff"}, {"N": "-0"}),
    *("9999-12-31T23:59:59.999999999-23:59", "0001-01-01T00:00:00+14:00", "s3:TestEvent"),
)


class Choices:
    """Reads decisions from the beginning of ``data``; where it has ended, every byte is 0."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, below: int) -> int:
        """Return a number from 0, of one byte or as many as ``below`` needs."""
        size = max(1, ((below - 1).bit_length() + 7) // 8)
        taken = self._data[self._at : self._at + size]
        self._at += size
        return int.from_bytes(taken, "big") % below

    def one_of(self, options: Sequence[Each]) -> Each:
        """Return one of the options."""
        return options[self.number(len(options))]

    def text(self, longest: int) -> str:
        """Return a text of at most ``longest`` bytes; bytes that are not UTF-8 are replaced."""
        size = self.number(longest + 1)
        taken = self._data[self._at : self._at + size]
        self._at += size
        return taken.decode(errors="replace")

    def rest(self) -> bytes:
        """Return everything that is left."""
        return self._data[self._at :]

    def tree(self, whole: Sequence[Any]) -> Any:
        """Return JSON: all that is left, or one of the given values with some places damaged.

        Raises ``ValueError`` or ``RecursionError`` if what is left is no JSON.
        """
        if self.number(2):
            return json.loads(self.rest())
        tree = copy.deepcopy(self.one_of(whole))
        for _ in range(self.number(5)):
            self._damage(tree)
        return tree

    def _damage(self, tree: Any) -> None:
        """Walk down to a place, and replace or remove what is there."""
        while isinstance(tree, (dict, list)) and tree:
            place = self.one_of(list(tree) if isinstance(tree, dict) else range(len(tree)))
            action = self.number(8)
            if action == 0:
                del tree[place]
                return
            if action == 1:
                tree[place] = self.text(60)
                return
            if action == 2:
                tree[place] = copy.deepcopy(self.one_of(HOSTILE))
                return
            tree = tree[place]
