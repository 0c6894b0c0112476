"""The files of a correction round: orders with three bad rows, their correction, and one order."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from local.demo.input_files import File
from local.demo.table_census import Address

ORDERS = 36
# The amounts of three rows: as they are sent first, and as they should have been.
CORRECTIONS = {7: ("12,50", "12.5"), 19: ("-5.00", "5"), 28: ("", "7.25")}
MOMENT = "2026-11-02T09:00:00.000Z"


@dataclass(frozen=True)
class Files:
    """The files of a round: in a folder, with keys below ``prefix``, of orders named ``name``."""

    folder: Path
    prefix: str
    name: str

    @property
    def addresses(self) -> list[Address]:
        """Return where the orders are stored, in the order of their rows."""
        return [(f"orders:{self.name}-{number:02d}", MOMENT) for number in range(1, ORDERS + 1)]

    @property
    def one_address(self) -> Address:
        """Return where the order that is sent four times is stored."""
        return f"orders:{self.name}-one", MOMENT

    def orders(self) -> File:
        """Write the orders, three of which are bad."""
        rows = [
            {
                "id": f"{self.name}-{number:02d}",
                "timestamp": MOMENT,
                "amount": CORRECTIONS.get(number, (f"{number}.5", ""))[0],
                "currency": "EUR",
                "category": "books",
                "quantity": "1",
                "customer_id": f"C{number:03d}",
                "customer_tier": "basic",
            }
            for number in range(1, ORDERS + 1)
        ]
        return self._csv("orders.csv", list(rows[0]), rows)

    def corrected(self, back: Path) -> File:
        """Write the rejected rows with the right amounts, and otherwise as they came back."""
        amounts = {f"{self.name}-{row:02d}": right for row, (_, right) in CORRECTIONS.items()}
        with back.open(newline="", encoding="utf-8") as source:
            sent = csv.DictReader(source)
            rows = [{**row, "amount": amounts[row["id"]]} for row in sent]
        return self._csv("orders-corrected.csv", list(sent.fieldnames or ()), rows)

    def one(self, name: str, amount: str) -> File:
        """Write the order that is sent four times."""
        order = {
            "id": f"{self.name}-one",
            "timestamp": MOMENT,
            "amount": amount,
            "currency": "EUR",
            "category": "books",
            "quantity": 1,
            "customer": {"id": "C001", "tier": "basic"},
        }
        (self.folder / name).write_text(json.dumps(order) + "\n")
        return File(path=self.folder / name, key=f"{self.prefix}/{name}")

    def _csv(self, name: str, columns: list[str], rows: list[dict[str, str]]) -> File:
        with (self.folder / name).open("w", newline="", encoding="utf-8") as target:
            writer = csv.DictWriter(target, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return File(path=self.folder / name, key=f"{self.prefix}/{name}")
