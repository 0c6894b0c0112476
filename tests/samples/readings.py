"""Readings of an invented warehouse's sensors, as its loggers export them, and their mistakes."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

Reading = dict[str, Any]

STARTED_AT = datetime(2026, 11, 2, 8)  # noqa: DTZ001  # the loggers write no offset
SENSORS = {
    "hall-1": ("temperature", "°C"),
    "hall-2": ("temperature", "°C"),
    "cold-store-1": ("humidity", "%"),
    "roof": ("pressure", "hPa"),
}
COLUMNS = ("sensor", "time", "quantity", "value", "unit")
# What spoils a reading, and the code it must be rejected with.
FAULTS = (
    ("BAD_FORMAT", {"value": "21.5"}),
    ("MISSING_FIELD", {"value": "---"}),
    ("UNKNOWN_VALUE", {"quantity": "light"}),
    ("BAD_FORMAT", {"time": "11/02/2026 8:00 AM"}),
    ("UNKNOWN_VALUE", {"unit": "K"}),
    ("OUT_OF_RANGE", {"value": "99.999,0"}),
    ("BAD_FORMAT", {"sensor": "hall 1"}),
)


def readings(count: int, seed: str, day: int = 0) -> Iterator[Reading]:
    """Yield ``count`` valid readings, of each sensor in turn, a quarter of a minute apart.

    Those of different days are different records.
    """
    rng = random.Random(seed)  # sample data, no secrets
    sensors = list(SENSORS.items())
    for number in range(count):
        sensor, (quantity, unit) = sensors[number % len(sensors)]
        tenths = {"°C": 180, "%": 600, "hPa": 10_050}[unit] + rng.getrandbits(5)
        taken_at = STARTED_AT + timedelta(days=day, seconds=15 * number)
        yield {
            "sensor": sensor,
            "time": taken_at.strftime("%d.%m.%Y %H:%M:%S"),
            "quantity": quantity,
            "value": tenths / 10,
            "unit": unit,
        }


def csv_row(reading: Reading) -> bytes:
    """Return one row with semicolons between the cells, and points between thousands."""
    value = reading["value"]
    if isinstance(value, float):
        value = f"{value:,.1f}".translate(str.maketrans(",.", ".,"))
    return ";".join(value if name == "value" else reading[name] for name in COLUMNS).encode()
