from dataclasses import replace

import pytest

from policies.changes.comparison import Base, Comparison, compare
from policies.command_line import Undetermined
from policies.register import Waiver, parse
from tests.policy.changes.updates import SPEC, bucket
from tests.policy.templates import stack

REGIONS = {"us-east-1": "primary", "us-west-2": "standby"}
ROW = Waiver(
    kind="unused_bucket",
    finding="stateful-removed[AWS::S3::Bucket]",
    path="tap/Data",
    reason="The bucket was never written to; its last object went a year ago.",
    owner="data team",
    review_by=None,
)
FILE = f"""
reason = "{ROW.reason}"
owner = "{ROW.owner}"
until = "deployed"
[[accepted]]
findings = ["{ROW.finding}"]
paths = ["{ROW.path}"]
"""


def comparison(*rows: Waiver, of_base: tuple[Waiver, ...] = (), gone: str = "Data") -> Comparison:
    """Both regions' bucket ``gone`` is gone."""
    before, after = (
        [stack(resources, region=region, stage=stage) for region, stage in REGIONS.items()]
        for resources in ({gone: bucket()}, {})
    )
    return compare(Base(name="base", stacks=before, waivers=of_base), after, rows, SPEC)


def kinds(judged: Comparison) -> list[tuple[str, str]]:
    return [(found.kind, found.region) for found in judged.verdict.findings]


def test_without_a_row_every_copy_is_a_problem() -> None:
    assert kinds(comparison()) == [
        ("stateful-removed", "us-east-1"),
        ("stateful-removed", "us-west-2"),
    ]


def test_a_row_counts_for_every_regions_copy() -> None:
    judged = comparison(ROW)

    assert judged.verdict.green
    assert [found.region for found, _ in judged.verdict.accepted] == [*REGIONS]


def test_a_row_with_a_region_counts_there_only() -> None:
    assert kinds(comparison(replace(ROW, stages=("primary",)))) == [
        ("stateful-removed", "us-west-2")
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"finding": "stateful-replaced[AWS::S3::Bucket]"},
        {"path": "tap/Dat"},
        {"path": "tap"},
        {"finding": "stateful-removed[AWS::S3]"},
        {"stages": ("elsewhere",)},
    ],
)
def test_a_row_that_is_not_exact_accepts_nothing_and_is_stale(wrong: dict[str, str]) -> None:
    judged = comparison(replace(ROW, **wrong))  # type: ignore[arg-type]

    assert kinds(judged)[-1][0] == "unused-waiver"
    assert len(judged.verdict.findings) == 3


def test_a_row_is_stale_if_one_of_its_regions_has_no_such_change() -> None:
    row = replace(ROW, stages=("primary", "standby", "elsewhere"))

    assert [kind for kind, _ in kinds(comparison(row))] == ["unused-waiver"]


def test_a_row_of_the_base_whose_change_may_not_be_deployed_yet_stands_and_is_named() -> None:
    before = [stack({}, region=region, stage=stage) for region, stage in REGIONS.items()]

    judged = compare(Base(name="base", stacks=before, waivers=(ROW,)), before, (ROW,), SPEC)

    assert judged.verdict.green
    assert judged.left_over == (ROW,)
    assert "once it is deployed: policies/accepted/unused_bucket.toml (1)" in judged.text()


def test_what_follows_a_deployment_that_failed_can_be_deployed_with_the_same_row() -> None:
    with_bucket, without = (
        [stack(resources, region=region, stage=stage) for region, stage in REGIONS.items()]
        for resources in ({"Data": bucket()}, {})
    )
    request = compare(Base(name="main", stacks=without, waivers=(ROW,)), without, (ROW,), SPEC)
    deployed = Base(name="deployed", stacks=with_bucket, deployed=True)

    assert request.verdict.green
    assert compare(deployed, without, (ROW,), SPEC).verdict.green


@pytest.mark.parametrize(
    "other", [{"stages": ("primary", "standby")}, {"accounts": 1}, {"owner": "somebody else"}]
)
def test_only_a_new_reason_renews_a_spent_row(other: dict[str, object]) -> None:
    judged = comparison(replace(ROW, **other), of_base=(ROW,))  # type: ignore[arg-type]

    assert ("spent-waiver", "") in kinds(judged)


def test_a_path_below_a_stage_has_one_spelling() -> None:
    pipeline = replace(stack({}, name="pipeline"), path="pipeline", stage_path="")
    before, after = ([stack(each), pipeline] for each in ({"Data": bucket()}, {}))
    row = replace(ROW, path="pipeline/primary/tap/Data")

    judged = compare(Base(name="base", stacks=before, waivers=(ROW,)), after, (row,), SPEC)

    assert [kind for kind, _ in kinds(judged)] == ["stateful-removed", "unused-waiver"]


@pytest.mark.parametrize("flaw", ["spent-waiver", "unexplained-waiver"])
def test_no_row_accepts_a_flaw_of_the_register(flaw: str) -> None:
    bad = replace(ROW, reason="s")
    about_it = replace(ROW, finding=f"{flaw}[{ROW.finding}]")

    judged = comparison(bad, about_it, of_base=(bad,))

    assert flaw in [kind for kind, _ in kinds(judged)]


def test_a_row_about_no_kind_of_change_is_misspelt_whatever_the_base_is() -> None:
    row = replace(ROW, finding="stateful-remove[AWS::S3::Bucket]")
    stacks = [stack({}, region=region, stage=stage) for region, stage in REGIONS.items()]

    judged = compare(Base(name="deployed", stacks=stacks, deployed=True), stacks, (row,), SPEC)

    assert [kind for kind, _ in kinds(judged)] == ["misspelt-waiver"]


@pytest.mark.parametrize("kind", ["unused_bucket", "another_file"])
def test_a_row_of_the_base_is_spent_if_the_same_change_comes_again(kind: str) -> None:
    judged = comparison(replace(ROW, kind=kind), of_base=(ROW,))

    assert [kind for kind, _ in kinds(judged)] == [
        "stateful-removed",
        "stateful-removed",
        "spent-waiver",
    ]


def test_a_change_that_comes_again_needs_a_reason_of_its_own() -> None:
    again = replace(ROW, reason=ROW.reason + " That was then.")

    assert comparison(ROW, of_base=(again,)).verdict.green


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"reason": " " * 40 + "because"}, "in 40 characters or more"),
        ({"owner": " "}, "who answers for it"),
    ],
)
@pytest.mark.parametrize("of_base", [False, True])
def test_a_row_says_why_and_who(wrong: dict[str, str], says: str, *, of_base: bool) -> None:
    row = replace(ROW, **wrong)  # type: ignore[arg-type]
    judged = comparison(row, of_base=(row,) if of_base else ())

    flaws = [each for each in judged.verdict.findings if each.kind == "unexplained-waiver"]
    assert [says in flaw.remedy for flaw in flaws] == [True]
    assert len(judged.verdict.findings) == (4 if of_base else 1)


def test_rows_are_read_as_the_file_explains_them() -> None:
    assert parse(ROW.kind, FILE) == [ROW]
    assert parse(ROW.kind, f'{FILE}stages = ["primary"]') == [replace(ROW, stages=("primary",))]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[[",
        "[[accepted]]\nfindings = ['a']",
        FILE.partition("[[")[0] + "accepted = 1",
        FILE.partition("paths")[0],
        FILE.replace("[[accepted]]", "[[accepted]]\nwhy = 'a'"),
        FILE.replace("until", "why = 'a'\nuntil"),
        FILE.replace("until", "review_by = 2027-01-01\nuntil"),
        FILE.replace('until = "deployed"', ""),
        FILE.replace("deployed", "tomorrow"),
    ],
)
def test_what_is_no_row_is_an_error(text: str) -> None:
    with pytest.raises(Undetermined, match="a row has findings, paths"):
        parse("a_file", text)
