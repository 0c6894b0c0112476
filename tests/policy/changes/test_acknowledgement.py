"""``--acknowledge`` writes the rows; they accept nothing until a person gives the reason."""

from pathlib import Path

import pytest

from policies import register
from policies.changes import command
from policies.changes.comparison import Base, Comparison, compare
from policies.command_line import Undetermined
from tests.policy.changes.updates import SPEC, bucket
from tests.policy.templates import resource, stack

QUEUE = "AWS::SQS::Queue"
REASON = "The partner reads its queue every hour now, and keeps a message for a day."


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    return tmp_path


def comparison(folder: Path) -> Comparison:
    """Both regions' queue is slower, a bucket is gone, and a value has an apostrophe."""
    before, after = (
        [
            stack(resources, region=region, stage=stage)
            for region, stage in (("us-east-1", "primary"), ("us-west-2", "standby"))
        ]
        for resources in (
            {"Q": resource(QUEUE), "B": bucket()},
            {"Q": resource(QUEUE, DelaySeconds=9, Note="it's")},
        )
    )
    return compare(Base(name="base", stacks=before), after, register.load(folder), SPEC)


def test_the_rows_accept_what_was_open_once_they_have_a_reason_and_an_owner(folder: Path) -> None:
    first = comparison(folder)

    file, number = command.write_rows("slower", first.verdict.findings, first.places)

    assert number == 3  # the same in both regions
    assert "RED, 3 findings" in first.text()
    without = comparison(folder).verdict
    assert [(each.rule, each.path) for each in without.findings] == [
        ("unexplained-waiver[slower]", "policies/accepted/slower.toml")
    ]
    text = file.read_text().replace('reason = ""', f'reason = "{REASON}"')
    file.write_text(text.replace('owner = ""', 'owner = "data team"'))
    accepted = comparison(folder)
    assert accepted.verdict.green
    assert accepted.text().endswith("; 3 accepted")


def test_rows_that_are_there_are_not_overwritten(folder: Path) -> None:
    (folder / "slower.toml").write_text("mine")

    with pytest.raises(Undetermined, match=r"slower\.toml exists: delete it"):
        command.write_rows("slower", comparison(folder / "none").verdict.findings, [])

    assert (folder / "slower.toml").read_text() == "mine"


@pytest.mark.parametrize("name", ["", "Slower", "slower.toml", "../slower", "a b", "a-b"])
def test_a_name_that_would_be_no_file_of_the_register_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(Undetermined, match="use small letters, digits and _"):
        command.write_rows(name, comparison(folder).verdict.findings, [])


def test_where_nothing_is_open_no_file_is_written_that_could_not_be_read(folder: Path) -> None:
    file, number = command.write_rows("nothing", [], [])

    assert (number, file.exists(), register.load(folder)) == (0, False, [])
