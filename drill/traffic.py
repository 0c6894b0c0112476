"""Steady traffic: files of all forms and of mixed sizes, with bad rows and corrections.

A correction brings an earlier order with other contents, in a file of its own or as a new version
of a key. Of two contents of an order the one that was put later must win, and S3 tells moments
apart by the second. So an order is corrected only after the second of its last acknowledged file.
"""

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Final

from drill.forms import FORMS, Form
from drill.orders import NOTES, Row, bad_order, order

BAD_SHARE: Final = 0.06
CORRECTED_SHARE: Final = 0.25
SAME_KEY_SHARE: Final = 0.3
SIZES: Final = (1, 3, 5, 9, 20)
APART_S: Final = 2.0


@dataclass(eq=False, kw_only=True, slots=True)
class Upload:
    """One file that a producer sends, perhaps several times until it is acknowledged."""

    key: str
    body: bytes = field(repr=False)
    rows: Sequence[Row] = field(repr=False)
    orders: Sequence[int] = field(repr=False)
    etag: str
    version: str = ""
    acknowledged_at: float | None = None  # seconds of the run's clock

    @property
    def records(self) -> list[Row]:
        return [row for row in self.rows if row.data is not None]


class Traffic:
    """Makes uploads below ``prefix``; the same seed makes the same files.

    Keys and ids of orders name the ``run``, which is to be unique on a table. Which orders can be
    corrected depends on what was acknowledged when.
    """

    FORMS: ClassVar[Mapping[str, Form]] = FORMS

    def __init__(self, run: str, name: str, seed: int, folder: str = "orders/drill") -> None:
        self.uploads: list[Upload] = []
        self.prefix = f"{folder}/{run}/{name}/"
        self._name = f"{run}-{name}"
        self._dice = random.Random(f"{seed}/{name}")  # noqa: S311
        self._orders = 0
        # The moment from which an order may be corrected; of one under way there is none.
        self._free_from: dict[int, float] = {}

    def make(self, now_s: float, rows: int | None = None, suffix: str = "") -> Upload:
        """Return the next file, with ``rows`` of them if given."""
        suffix = suffix or self._dice.choice(tuple(self.FORMS))
        count = rows or self._dice.choice(SIZES)
        made = [self._row(now_s, suffix) for _ in range(count)]
        body = self.FORMS[suffix](made_rows := [row for row, _ in made])
        upload = Upload(
            key=self._key(suffix),
            body=body,
            rows=made_rows,
            orders=[number for _, number in made if number >= 0],
            etag=hashlib.md5(body, usedforsecurity=False).hexdigest(),
        )
        self.uploads.append(upload)
        return upload

    def acknowledge(self, upload: Upload, version: str, now_s: float) -> None:
        """Note that S3 has taken a file; its orders may be corrected a little later."""
        upload.version, upload.acknowledged_at = version, now_s
        self._free_from |= dict.fromkeys(upload.orders, now_s + APART_S)

    def _key(self, suffix: str) -> str:
        """Return a new key, or that of an earlier file of this form for a new version of it."""
        earlier = [each.key for each in self.uploads[-20:] if each.key.endswith(suffix)]
        if earlier and self._dice.random() < SAME_KEY_SHARE:
            return self._dice.choice(earlier)
        return f"{self.prefix}{len(self.uploads):04d}{suffix}"

    def _row(self, now_s: float, suffix: str) -> tuple[Row, int]:
        """Return a row and the number of its order, -1 for one that is rejected."""
        chance = self._dice.random()
        if chance < BAD_SHARE:
            return self._bad(suffix), -1
        number = self._number(now_s, correct=chance < BAD_SHARE + CORRECTED_SHARE)
        self._free_from.pop(number, None)
        return order(self._dice, self._id(number), number), number

    def _bad(self, suffix: str) -> Row:
        while True:
            self._orders += 1
            row = bad_order(self._dice, f"{self._id(self._orders)}-bad", self._orders)
            if not row.form or f".{row.form}" in suffix:
                return row

    def _number(self, now_s: float, *, correct: bool) -> int:
        if correct:
            free = [number for number, since_s in self._free_from.items() if since_s <= now_s]
            if free:
                return self._dice.choice(free)
        self._orders += 1
        return self._orders

    def _id(self, number: int) -> str:
        return f"{self._name}-{number:06d}"


class PlainTraffic(Traffic):
    """Files of a dataset without a contract, below ``drill/``, where nobody listens for orders.

    Each row is a record of its own file, as it was sent; one without a field's name is rejected.
    """

    FORMS: ClassVar[Mapping[str, Form]] = {
        suffix: write for suffix, write in FORMS.items() if ".json" in suffix
    }

    def __init__(self, run: str, name: str, seed: int) -> None:
        super().__init__(run, name, seed, folder="drill")

    def _row(self, now_s: float, suffix: str) -> tuple[Row, int]:
        del now_s, suffix
        self._orders += 1
        sent: dict[str, Any] = {
            "number": self._orders,
            "text": self._dice.choice(NOTES),
            "share": self._dice.randrange(1, 100) / 8,
        }
        if self._dice.random() < BAD_SHARE:
            return Row(sent=sent | {"": "a name is missing"}, code="EMPTY_FIELD_NAME"), -1
        data = {
            name: Decimal(str(value)) if isinstance(value, float) else value
            for name, value in sent.items()
        }
        return Row(sent=sent, data=data), -1
