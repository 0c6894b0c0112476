"""The contract of the readings that sensors in the warehouses take."""

from typing import Annotated, Literal, TypedDict

from msgspec import Meta, Struct

from services.processor.runtime.declaration import (
    Contract,
    Example,
    FileForm,
    Moment,
    MomentText,
    Number,
    number,
    utc_ms,
)
from services.processor.runtime.errors import RejectedRowError

Sensor = Annotated[
    str,
    Meta(
        title="letters, digits and hyphens",
        description="The sensor; each one takes readings of one quantity.",
        pattern=r"^[A-Za-z0-9-]+$",
        max_length=40,
        examples=["hall-3"],
    ),
]
Quantity = Literal["temperature", "humidity", "pressure"]
Unit = Literal["°C", "%", "hPa"]
Value = Annotated[
    Number, number(minimum=-1_000, maximum=10_000, decimal_places=3, examples=["21.5"])
]

_UNITS: dict[Quantity, Unit] = {"temperature": "°C", "humidity": "%", "pressure": "hPa"}


class Reading(Struct, forbid_unknown_fields=True):
    """A reading as the loggers export it."""

    sensor: Sensor
    time: Annotated[Moment, Meta(description="When it was taken.")]
    quantity: Annotated[Quantity, Meta(description="What was measured.")]
    value: Annotated[Value, Meta(description="What the sensor showed.")]
    unit: Annotated[Unit, Meta(description="The unit of the quantity.")]


class StandardReading(TypedDict):
    """A reading in its standard form."""

    sensor: Sensor
    measuredAt: MomentText
    quantity: Quantity
    value: Value
    unit: Unit


def _standardise(reading: Reading) -> StandardReading:
    unit = _UNITS[reading.quantity]
    if reading.unit != unit:
        problem = f'unit is "{reading.unit}"; expected "{unit}", the unit of {reading.quantity}'
        raise RejectedRowError("UNKNOWN_VALUE", problem, "unit")
    return {
        "sensor": reading.sensor,
        "measuredAt": utc_ms(reading.time),
        "quantity": reading.quantity,
        "value": reading.value,
        "unit": unit,
    }


_EXAMPLE = {
    "sensor": "hall-3",
    "time": "31.01.2026 23:59:59",
    "quantity": "temperature",
    "value": "21,5",
    "unit": "°C",
}

CONTRACT = Contract(
    dataset="readings",
    version=2,
    description="What the sensors in the warehouses measure.",
    row=Reading,
    standard_form=StandardReading,
    standardise=_standardise,
    key=("sensor",),
    time="measuredAt",
    form=FileForm(
        delimiter=";",
        decimal_comma=True,
        null_texts=("---",),
        moment_forms=("%d.%m.%Y %H:%M:%S",),
        zone="UTC",
    ),
    examples=(
        Example(row=_EXAMPLE),
        Example(row=_EXAMPLE | {"time": "2026-01-31T23:59:59+01:00", "value": "1.234,5"}),
        Example(row=_EXAMPLE | {"value": "21.5"}, refused="BAD_FORMAT"),
        Example(row=_EXAMPLE | {"time": "31/01/2026 23:59"}, refused="BAD_FORMAT"),
        Example(row=_EXAMPLE | {"unit": "%"}, refused="UNKNOWN_VALUE"),
    ),
)
