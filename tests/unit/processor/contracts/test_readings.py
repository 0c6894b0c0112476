from services.processor.runtime.contracts.readings import CONTRACT
from tests.unit.processor.declaration.shop import refusal

CELLS = {
    "sensor": "hall-3",
    "time": "31.01.2026 23:59:59",
    "quantity": "temperature",
    "value": "-1,50",
    "unit": "°C",
}


def test_a_reading_is_stored_in_utc_with_its_exact_value() -> None:
    standard = CONTRACT.from_csv(CELLS)

    assert standard | {"value": str(standard["value"])} == {
        "sensor": "hall-3",
        "measuredAt": "2026-01-31T23:59:59.000Z",
        "quantity": "temperature",
        "value": "-1.5",
        "unit": "°C",
    }


def test_a_unit_must_be_that_of_the_quantity() -> None:
    assert refusal(lambda: CONTRACT.from_csv(CELLS | {"unit": "hPa"})) == (
        "UNKNOWN_VALUE",
        "unit",
        'unit is "hPa"; expected "°C", the unit of temperature',
    )


def test_a_sensor_that_showed_nothing_has_no_reading() -> None:
    assert refusal(lambda: CONTRACT.from_csv(CELLS | {"value": "---"}))[0] == "MISSING_FIELD"
