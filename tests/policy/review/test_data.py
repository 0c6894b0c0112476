"""What changes in the data, in every rendering."""

from collections.abc import Mapping
from typing import Any

import pytest

from review import render
from tests.policy.review.reports import CHANGE, NO_DATA, report, says

ORDERS: Mapping[str, Any] = {
    "dataset": "orders",
    "state": "changed",
    "module": "services/processor/runtime/contracts/orders.py",
    "version": 3,
    "rows": 5245,
    "declared": {"version": {"before": "2", "after": "3"}},
    "asked": {"Order.note.maxLength": ["64", "32"]},
    "differences": [
        {
            "kind": "accepted before, refused now",
            "rows": 17,
            "cases": [
                {
                    "origin": "orders/a.json, row 1",
                    "row": '{"id": "<b>|"}',
                    "before": '{"orderId":"<b>|"}',
                    "after": "BAD_FORMAT at id",
                    "alike": 16,
                    "shared": "unit hPa",
                }
            ],
        }
    ],
    "broken_fields": ["note is gone"],
    "unstable": [],
    "lines": ["-max_length=64", "+max_length=32"],
}
FUNCTION = {
    **CHANGE,
    "path": "serverless-pipeline-prod/primary/tap/Processor/Service/Function/Resource",
    "type": "AWS::Lambda::Function",
    "properties": {"Code": "no"},
    "replacement": "no",
    "data_loss": False,
    "for": "runs",
}
HAZARD = {
    "gate": "changes",
    "rule": "data/breaks-listeners[note is gone]",
    "region": "",
    "path": ORDERS["module"],
    "message": "in the standard form note is gone",
    "remedy": "keep the field",
    "source": "the contract of orders",
}


@pytest.fixture
def files() -> Mapping[str, str]:
    changes = {"hazards": [HAZARD], "acknowledged": [], "resources": [FUNCTION]}
    data = {**NO_DATA, "datasets": [ORDERS], "unchanged": ["generic"]}
    return render.files(report(data=data, changes=changes))


@pytest.mark.parametrize("name", ["report.html", "report.md"])
def test_what_changes_in_the_data_comes_before_the_resources(
    files: Mapping[str, str], name: str
) -> None:
    page = files[name]

    assert page.index("What changes in the data") < page.index("tap/Processor/Service/Function")
    assert "17 of 5,245 sample rows: accepted before, refused now" in page
    assert "BAD_FORMAT at id" in page
    assert "note is gone" in page
    assert "<ins>+max_length=32</ins>" in page


@pytest.mark.parametrize("name", ["report.html", "report.md"])
def test_a_changed_contract_is_never_just_the_code_of_a_function(
    files: Mapping[str, str], name: str
) -> None:
    assert "contract of orders (see the data above)" in files[name]


def test_no_text_of_a_row_becomes_markup(files: Mapping[str, str]) -> None:
    assert "<b>|" not in files["report.html"]
    assert "<b>|" not in files["report.md"]


def test_what_breaks_listeners_is_told_beside_the_contract(files: Mapping[str, str]) -> None:
    [beside] = [part for part in files["report.html"].split("<h3>") if part.startswith("orders")]
    assert "Breaks listeners: note is gone" in beside


def test_a_green_report_says_what_changes_in_the_data() -> None:
    data = {**NO_DATA, "datasets": [ORDERS]}

    [told] = says(report(data=data))
    assert told.startswith("contract of orders changed: of 5,245 sample rows, 17 accepted before, ")
    assert told.endswith(
        "refused now, most with unit hPa; Order.note.maxLength 64 becomes 32; version 2 becomes 3"
    )


def test_a_contract_says_how_many_rows_differ_in_each_way_with_those_refused_now_first() -> None:
    other = {**ORDERS["differences"][0], "kind": "stored in another form", "rows": 5}
    differences = [*ORDERS["differences"], other]
    data = {**NO_DATA, "datasets": [{**ORDERS, "differences": differences}]}

    [told] = says(report(data=data))
    ways = (each.partition(",")[0] for each in told.split("sample rows, ")[1].split("; ")[:2])
    assert [*ways] == ["17 accepted before", "5 stored in another form"]


def test_of_rows_that_differ_in_several_ways_nothing_is_told_of_all() -> None:
    [kind] = ORDERS["differences"]
    more = {**kind, "cases": [*kind["cases"], {**kind["cases"][0], "after": "TOO_LONG at note"}]}
    data = {**NO_DATA, "datasets": [{**ORDERS, "differences": [more]}]}

    [told] = says(report(data=data))

    assert "hPa" not in told


@pytest.mark.parametrize("name", ["report.html", "report.md"])
def test_a_row_says_how_many_more_differ_in_the_same_way(
    files: Mapping[str, str], name: str
) -> None:
    assert "and 16 more alike, most with unit hPa<" in files[name]


@pytest.mark.parametrize("name", ["report.html", "report.md"])
def test_what_is_asked_of_a_row_otherwise_is_told_value_by_value(
    files: Mapping[str, str], name: str
) -> None:
    assert "Order.note.maxLength: <del>64</del>" in files[name]


def test_data_that_was_not_compared_is_never_passed_over() -> None:
    made = report(data={**NO_DATA, "not_compared": "AccessDenied"})

    assert says(made) == ["what changes in the data is not known: AccessDenied"]
    assert "Not compared: AccessDenied" in render.files(made)["report.html"]


@pytest.mark.parametrize("name", ["report.html", "report.md"])
def test_samples_are_called_samples_and_rows_of_a_bucket_are_not(
    files: Mapping[str, str], name: str
) -> None:
    real = {**NO_DATA, "datasets": [ORDERS], "of_bucket": "bucket b"}

    assert '<span class="tag">sample</span> <b>orders/a.json, row 1' in files[name]
    assert "No production data" in files[name]
    assert ">sample<" not in render.files(report(data=real))[name]
