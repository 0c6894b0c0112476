import json
from collections.abc import Mapping

from datasets.compatibility.differences import Case, Pair, differences

REFUSED: Mapping[str, object] = {
    "code": "OUT_OF_RANGE",
    "field": "value",
    "data": None,
    "identity": [],
}


def _accepted(**form: object) -> dict[str, object]:
    return {"code": "", "field": "", "data": json.dumps(form), "identity": []}


def _pair(origin: str, value: float, *, refused: bool = True, **form: object) -> Pair:
    before = _accepted(value=value, **form)
    return Pair(origin=origin, row=origin, before=before, after=REFUSED if refused else before)


def test_rows_that_differ_alike_are_one_case_that_says_what_most_of_them_have_in_common() -> None:
    pairs = [
        _pair("a", 1007.2, unit="hPa", site="x", sensor="roof"),
        *(_pair(f"b{n}", 990 + n, unit="hPa", site="x", sensor="hall") for n in range(8)),
        _pair("b8", 995, unit="%", site="x", sensor="roof"),
        *(_pair("c", n, refused=False, unit="C", site="x", sensor="hall") for n in range(9)),
    ]

    [found] = differences(pairs)

    assert found.rows == 10
    assert found.cases == (
        Case(
            origin="a",
            row="a",
            before='{"value": 1007.2, "unit": "hPa", "site": "x", "sensor": "roof"}',
            after="OUT_OF_RANGE at value (1007.2)",
            alike=9,
            shared="unit hPa",
        ),
    )


def test_of_one_row_nothing_is_called_common() -> None:
    [found] = differences([_pair("a", 1.5, unit="hPa"), _pair("b", 2, refused=False, unit="C")])

    assert [(each.alike, each.shared) for each in found.cases] == [(0, "")]
