from dataclasses import replace

import pytest

from policies.changes.acknowledged import Acknowledgement, RowsError, parse
from policies.changes.verdict import Base, Verdict, judge
from tests.policy.changes.updates import SPEC, bucket
from tests.policy.templates import stack

REGIONS = {"us-east-1": "primary", "us-west-2": "standby"}
ROW = Acknowledgement(
    kind="stateful-removed",
    path="tap/Data",
    change="AWS::S3::Bucket",
    reason="The bucket was never written to; its last object went a year ago.",
    by="data team",
)


def verdict(
    *rows: Acknowledgement, of_base: tuple[Acknowledgement, ...] = (), gone: str = "Data"
) -> Verdict:
    """Both regions' bucket ``gone`` is gone."""
    before, after = (
        [stack(resources, region=region, stage=stage) for region, stage in REGIONS.items()]
        for resources in ({gone: bucket()}, {})
    )
    return judge(Base(name="base", stacks=before, rows=of_base), after, rows, SPEC)


def verdicts(judged: Verdict) -> list[tuple[str, str]]:
    return [(problem.verdict, problem.region) for problem in judged.problems]


def test_without_a_row_every_copy_is_a_problem() -> None:
    assert verdicts(verdict()) == [
        ("stateful-removed", "us-east-1"),
        ("stateful-removed", "us-west-2"),
    ]


def test_a_row_counts_for_every_regions_copy() -> None:
    judged = verdict(ROW)

    assert judged.green
    assert [hazard.region for hazard, _ in judged.accepted] == [*REGIONS]


def test_a_row_with_a_region_counts_there_only() -> None:
    assert verdicts(verdict(replace(ROW, regions=("us-east-1",)))) == [
        ("stateful-removed", "us-west-2")
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "stateful-replaced"},
        {"path": "tap/Dat"},
        {"path": "tap"},
        {"change": "AWS::S3"},
        {"regions": ("eu-west-1",)},
    ],
)
def test_a_row_that_is_not_exact_accepts_nothing_and_is_stale(wrong: dict[str, str]) -> None:
    assert verdicts(verdict(replace(ROW, **wrong)))[0][0] == "stale row"  # type: ignore[arg-type]
    assert len(verdict(replace(ROW, **wrong)).problems) == 3  # type: ignore[arg-type]


def test_a_row_is_stale_if_one_of_its_regions_has_no_such_change() -> None:
    row = replace(ROW, regions=("us-east-1", "us-west-2", "eu-west-1"))

    assert [problem.verdict for problem in verdict(row).problems] == ["stale row"]


def test_a_row_of_the_base_whose_change_may_not_be_deployed_yet_stands_and_is_named() -> None:
    before = [stack({}, region=region, stage=stage) for region, stage in REGIONS.items()]

    judged = judge(Base(name="base", stacks=before, rows=(ROW,)), before, (ROW,), SPEC)

    assert judged.green
    assert judged.left_over == (ROW,)
    assert "leftover row  stateful-removed at tap/Data" in judged.text()


def test_what_follows_a_deployment_that_failed_can_be_deployed_with_the_same_row() -> None:
    with_bucket, without = (
        [stack(resources, region=region, stage=stage) for region, stage in REGIONS.items()]
        for resources in ({"Data": bucket()}, {})
    )
    request = judge(Base(name="main", stacks=without, rows=(ROW,)), without, (ROW,), SPEC)
    deployed = Base(name="deployed", stacks=with_bucket, deployed=True)

    assert request.green
    assert judge(deployed, without, (ROW,), SPEC).green


def test_a_row_of_the_base_is_spent_if_the_same_change_comes_again() -> None:
    judged = verdict(ROW, of_base=(ROW,))

    assert [problem.verdict for problem in judged.problems] == [
        "row already used",
        "stateful-removed",
        "stateful-removed",
    ]


def test_a_change_that_comes_again_needs_a_reason_of_its_own() -> None:
    assert verdict(ROW, of_base=(replace(ROW, reason=ROW.reason + " That was then."),)).green


@pytest.mark.parametrize(
    ("wrong", "flaw"),
    [({"reason": " " * 40 + "because"}, "reason too short"), ({"by": " "}, "row has no owner")],
)
def test_a_row_says_why_and_who(wrong: dict[str, str], flaw: str) -> None:
    judged = verdict(replace(ROW, **wrong))  # type: ignore[arg-type]

    assert [problem.verdict for problem in judged.problems] == [flaw]


def test_rows_are_read_as_the_file_explains_them() -> None:
    text = "[[acknowledged]]\n" + "".join(
        f"{name} = '{getattr(ROW, name)}'\n" for name in ("kind", "path", "change", "reason", "by")
    )

    assert parse("") == []
    assert parse(text) == [ROW]
    assert parse(text + "regions = ['us-east-1']") == [replace(ROW, regions=("us-east-1",))]


@pytest.mark.parametrize(
    "text", ["[[acknowledged]]\nkind = 'a'", "[[acknowledged]]\nwhy = 'a'", "[[", "acknowledged=1"]
)
def test_what_is_no_row_is_an_error(text: str) -> None:
    with pytest.raises(RowsError, match="a row has kind, path, change, reason, by"):
        parse(text)
