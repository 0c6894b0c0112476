"""The parts of the faults that need no emulator: who meets which, and in which order."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from local.emulator_faults.deliveries import reordered
from local.emulator_faults.schedule import Fault, Place, Rule, Schedule

PUT = Place("us-east-1", "dynamodb", "PutItem")
GET = Place("us-east-1", "dynamodb", "GetItem")


def fates(schedule: Schedule, places: list[Place]) -> list[bool]:
    return [schedule.fault(place) is not None for place in places]


@given(st.integers(), st.floats(0.01, 0.99))
def test_the_same_seed_gives_the_same_schedule(seed: int, share: float) -> None:
    rules = [Rule(fault=Fault.THROTTLED, share=share)]

    first, second = (fates(Schedule(seed, rules), [PUT] * 100) for _ in range(2))

    assert first == second


def test_another_seed_gives_another_schedule() -> None:
    rules = [Rule(fault=Fault.THROTTLED, share=0.5)]

    assert fates(Schedule(1, rules), [PUT] * 100) != fates(Schedule(2, rules), [PUT] * 100)


def test_what_one_rule_meets_does_not_change_what_another_meets() -> None:
    alone = Rule(fault=Fault.THROTTLED, operation="PutItem", share=0.5)
    other = Rule(fault=Fault.RESET, operation="GetItem", share=0.5)

    apart = fates(Schedule(7, [alone]), [PUT] * 50)
    mixed = fates(Schedule(7, [alone, other]), [PUT, GET, GET] * 50)[::3]

    assert apart == mixed


def test_a_share_is_met_about_as_often() -> None:
    met = sum(fates(Schedule(1, [Rule(fault=Fault.THROTTLED, share=0.3)]), [PUT] * 10_000))

    assert 2_800 < met < 3_200


def test_the_first_are_spared_and_no_more_than_the_limit_meet_it() -> None:
    schedule = Schedule(1, [Rule(fault=Fault.RESET, skip=2, times=3)])

    assert fates(schedule, [PUT] * 7) == [False, False, True, True, True, False, False]
    assert schedule.met == [3]


def test_of_two_rules_that_are_alike_each_counts_its_own() -> None:
    rule = Rule(fault=Fault.RESET, times=1)
    schedule = Schedule(1, [rule, rule])

    assert fates(schedule, [PUT] * 3) == [True, True, False]
    assert schedule.met == [1, 1]


def test_a_rule_may_name_several_operations_and_a_part_of_the_caller() -> None:
    rule = Rule(fault=Fault.RESET, operation="(Put|Delete).*", caller=".*app/one.*")

    assert rule.matches(PUT._replace(caller="Boto3 app/one cfg"))
    assert not rule.matches(PUT)
    assert not rule.matches(GET._replace(caller="Boto3 app/one cfg"))


def test_a_rule_without_a_place_meets_everything_and_one_with_a_place_only_that() -> None:
    assert Rule(fault=Fault.RESET).matches(PUT)
    assert not Rule(fault=Fault.RESET, region="us-west-2").matches(PUT)
    assert not Rule(fault=Fault.RESET, operation="GetItem").matches(PUT)


@given(st.lists(st.integers(0, 4), max_size=30), st.floats(0, 1))
def test_records_in_another_order_are_the_same_and_those_of_an_item_keep_theirs(
    items: list[int], luck: float
) -> None:
    records = [{"dynamodb": {"Keys": {"id": {"N": str(n)}}, "n": i}} for i, n in enumerate(items)]

    other = reordered(records, luck)

    def of_item(n: int, of: list[dict[str, dict[str, object]]]) -> list[object]:
        return [r["dynamodb"]["n"] for r in of if r["dynamodb"]["Keys"] == {"id": {"N": str(n)}}]

    assert Counter(map(repr, other)) == Counter(map(repr, records))
    assert all(of_item(n, other) == of_item(n, records) for n in set(items))
