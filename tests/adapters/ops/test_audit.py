"""The audit record in a table: what was done is listed in order, and nothing is lost of it."""

import json

import pytest

from ops import audit, items
from ops.audit import Act
from ops.region import Region
from tests.adapters.ops.product import HEADER, Operator, order, put


def act(**facts: str) -> Act:
    return Act(action="TAKEOVER", facts=facts, reason="a drill")


def test_acts_of_one_moment_do_not_replace_each_other(region: Region) -> None:
    for number in range(20):
        with audit.noted(region, act(to=str(number))):
            pass

    found = list(audit.acts(region))
    assert [each["to"] for each in found] == [str(number) for number in range(20)]
    assert {each["outcome"] for each in found} == {"DONE"}


def test_an_act_that_fails_says_why_and_the_error_is_raised(region: Region) -> None:
    with pytest.raises(ZeroDivisionError), audit.noted(region, act()):
        _ = 1 / 0

    [found] = audit.acts(region)
    assert (found["outcome"], found["error"]) == ("FAILED", "ZeroDivisionError: division by zero")


def test_what_cannot_be_noted_any_more_does_not_hide_what_went_wrong(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise ConnectionError("the table is gone")

    def fail() -> None:
        monkeypatch.setattr(region.client("dynamodb"), "put_item", unreachable)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as error, audit.noted(region, act()):
        fail()

    assert error.value.__notes__ == ["the audit record was not ended: the table is gone"]


def test_an_act_is_no_record_and_no_file(region: Region) -> None:
    with audit.noted(region, act()):
        pass

    assert list(items.stored(region)) == []


def test_the_notes_of_erased_records_are_listed_among_the_acts_on_request(
    region: Region, ops: Operator
) -> None:
    put(region, "orders/a.csv", HEADER + order("A-1"))
    with audit.noted(region, act(to="on")):
        pass
    assert ops("forget", "orders", "A-1", "--yes") == 0

    assert ops("audit", "--json") == 0
    acts = [json.loads(line) for line in ops.out.splitlines()]
    assert ops("audit", "--erased", "--json") == 0
    both = [json.loads(line) for line in ops.out.splitlines()]

    assert [each["action"] for each in acts] == ["TAKEOVER"]
    assert [each["action"] for each in both] == ["TAKEOVER", "FORGET"]
    assert ops("audit", "--erased") == 0
    assert "A-1" not in ops.out
