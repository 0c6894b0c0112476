import re
from pathlib import Path

import pytest

from stages.watch import flow_alarms
from stages.watch.alarm_text import alarm_text
from tests.infra.conftest import Stacks
from tests.infra.stack import Resource, Stack
from tests.infra.watched import DATASETS, expressions_of

RUNBOOKS = Path(__file__).resolve().parents[2] / "docs" / "runbooks"
PROCESSOR = "serverless-data-processor-prod"
CONSUMER = "serverless-stream-consumer-prod"
# Of a whole region, and the list of the others.
NO_ALARMS = ("README", "us-east-1-is-lost")
# What an alarm computes from several metrics; what it says of one is in its declaration.
COMPUTED = {
    **{
        f"rejected-rows-{dataset}": (
            "IF((FILL(accepted, 0) + FILL(rejected, 0)) > 0,"
            " 100 * FILL(rejected, 0) / (FILL(accepted, 0) + FILL(rejected, 0)), 0)"
        )
        for dataset in DATASETS
    },
    "stream-consumer-lost-changes": "FILL(dropped, 0) + FILL(refused, 0)",
    "stream-consumer-stalled": "IF(FILL(invoked, 0) > 0, 0, FILL(polled, 0) - FILL(filtered, 0))",
    "table-system-errors": (
        "FILL(errors_putitem, 0) + FILL(errors_updateitem, 0) + FILL(errors_getitem, 0)"
    ),
}


@pytest.fixture
def alarms(stack: Stack) -> list[Resource]:
    return stack.all("AWS::CloudWatch::Alarm")


def page_of(alarm: Resource) -> Path:
    """The page of the runbook that the text of an alarm leads to."""
    name: str
    [name] = re.findall(r"/docs/runbooks/(.+)$", alarm.properties["AlarmDescription"], re.MULTILINE)
    return RUNBOOKS / name


def first_command(page: Path) -> str:
    """The first command of a runbook's page, which is for us-east-1."""
    found = re.search(r"^```sh\n(.+?)$", page.read_text(), re.MULTILINE)
    assert found, f"{page} has no command: begin with one to run at 3 a.m., below ```sh"
    return found[1]


def test_an_alarm_computes_what_its_name_says(stack: Stack) -> None:
    for subject, text in COMPUTED.items():
        alarm = stack.one("AWS::CloudWatch::Alarm", f"serverless-{subject}-prod")

        assert [each.text for each in expressions_of(alarm)] == [text]


def test_an_alarm_notifies_people_when_it_fires_and_when_it_clears(alarms: list[Resource]) -> None:
    for alarm in alarms:
        assert alarm.properties["AlarmActions"] == ["Topic(serverless-alerts-prod)"], alarm
        assert alarm.properties["OKActions"] == ["Topic(serverless-alerts-prod)"], alarm
        assert "ActionsEnabled" not in alarm.properties, alarm


def test_a_standby_without_traffic_is_quiet_but_not_one_without_signs_of_life(
    alarms: list[Resource],
) -> None:
    for alarm in alarms:
        on_silence = alarm.properties["ComparisonOperator"] == "LessThanThreshold"

        expected = "breaching" if on_silence else "notBreaching"
        assert alarm.properties["TreatMissingData"] == expected, alarm


@pytest.mark.parametrize(("every_minutes", "periods"), [(1, 3), (5, 3), (60, 25), (360, 145)])
def test_two_canaries_may_be_missing_before_people_are_called(
    every_minutes: int, periods: int
) -> None:
    rows = {each.subject: each for each in flow_alarms.canary(every_minutes)}
    failing, silent = rows["canary-failing"], rows["peer-silent"]

    assert failing.periods == periods
    assert silent.periods <= failing.periods
    # CloudWatch looks back one day at most.
    assert failing.periods * 300 <= 24 * 3600


def test_an_alarm_has_a_page_of_the_runbook_and_the_runbook_no_other(
    alarms: list[Resource],
) -> None:
    pages = {page_of(alarm) for alarm in alarms}
    for page in sorted(pages):
        assert page.exists(), (
            f"an alarm leads to docs/runbooks/{page.name}, which is not there: write it like the "
            "page of another alarm, for the engineer it wakes: what to run first, why, what next"
        )
    written = {*RUNBOOKS.glob("*.md")} - {RUNBOOKS / f"{name}.md" for name in NO_ALARMS}
    assert written - pages == set(), "no alarm leads to these pages: delete them"
    listed = re.findall(
        r"^\| \[(.+?)\]\(\1\.md\) \|", (RUNBOOKS / "README.md").read_text(), re.MULTILINE
    )
    assert sorted(listed) == sorted(page.stem for page in pages), (
        "the table in docs/runbooks/README.md has a row for each page: add or delete one"
    )


def test_the_text_of_an_alarm_has_its_meaning_its_runbook_a_command_and_the_console(
    alarms: list[Resource], stack: Stack
) -> None:
    base = "https://github.com/example/serverless-file-ingestion/blob/main/docs/runbooks"
    region = stack.region
    for alarm in alarms:
        meaning, runbook, run, console = alarm.properties["AlarmDescription"].split("\n")

        assert meaning.endswith("."), alarm
        assert runbook == f"Runbook: {base}/{page_of(alarm).name}"
        command = run.replace(f" --region {region}", "")
        # That a page is missing is told by the test above.
        assert not page_of(alarm).exists() or command == f"Run: {first_command(page_of(alarm))}", (
            f"{alarm} and its page {page_of(alarm).name} begin with different commands: "
            "make them the same (command= of its AlarmRow)"
        )
        assert console == (
            f"Console: https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"
            f"#alarmsV2:alarm/{alarm.name}"
        )
        # A command names the alarm's region unless it shows both.
        assert run.startswith("Run: ops status") != run.endswith(f" --region {region}"), alarm


def test_the_text_of_an_alarm_fits_with_the_longest_names(alarms: list[Resource]) -> None:
    # GitHub's limits of owner and name, and a long branch.
    repository, branch = f"{'o' * 39}/{'r' * 100}", "b" * 120
    for alarm in alarms:
        longest = alarm.properties["AlarmDescription"].replace(
            "example/serverless-file-ingestion/blob/main", f"{repository}/blob/{branch}"
        )

        assert len(longest) <= 1024, f"shorten the meaning of {alarm}: it is {len(longest)} long"


def test_a_text_that_cloudwatch_would_refuse_is_refused_at_synthesis() -> None:
    [row, *_] = flow_alarms.canary(5)

    with pytest.raises(ValueError, match="characters, not 1024"):
        alarm_text(row, name="a", region="r", runbooks="x" * 1024)


def test_a_deployers_alarms_lead_to_the_pages_of_their_own_repository(customised: Stacks) -> None:
    for each in customised.values():
        for alarm in each.all("AWS::CloudWatch::Alarm"):
            url = "https://github.com/acme/ingestion/blob/release/docs/runbooks/"
            assert url in alarm.properties["AlarmDescription"]


def test_every_dataset_has_an_alarm_of_its_own(alarms: list[Resource]) -> None:
    names = {alarm.name for alarm in alarms}

    assert names >= {f"serverless-rejected-rows-{dataset}-prod" for dataset in DATASETS}
    assert set(DATASETS) >= {"orders", "generic"}


def test_an_expression_uses_the_metrics_it_defines_and_no_others(alarms: list[Resource]) -> None:
    for alarm in alarms:
        for expression in expressions_of(alarm):
            assert expression.used == expression.defined, alarm


def test_an_alarm_watches_one_value(alarms: list[Resource]) -> None:
    for alarm in alarms:
        queries = alarm.properties.get("Metrics", [{"ReturnData": True}])

        assert sum(query["ReturnData"] for query in queries) == 1, alarm


@pytest.mark.parametrize(
    ("subject", "function_name"),
    [("processor-duration", PROCESSOR), ("stream-consumer-duration", CONSUMER)],
)
def test_a_run_close_to_its_timeout_is_noticed_before_it_is_killed(
    stack: Stack, subject: str, function_name: str
) -> None:
    alarm = stack.one("AWS::CloudWatch::Alarm", f"serverless-{subject}-prod")
    function = stack.one("AWS::Lambda::Function", function_name)

    assert alarm.properties["Threshold"] == pytest.approx(
        0.9 * 1000 * function.properties["Timeout"]
    )
    assert alarm.properties["Statistic"] == "Maximum"


def test_late_publishing_is_noticed_long_before_changes_are_dropped(stack: Stack) -> None:
    alarm = stack.one("AWS::CloudWatch::Alarm", "serverless-stream-consumer-iterator-age-prod")

    age_s = alarm.properties["Threshold"] / 1000
    for mapping in stack.all("AWS::Lambda::EventSourceMapping"):
        assert age_s * 10 < mapping.properties["MaximumRecordAgeInSeconds"]
