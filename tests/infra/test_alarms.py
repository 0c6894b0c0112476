import re
from pathlib import Path

import pytest

from stages.watch import flow_alarms
from stages.watch.alarm_text import alarm_text
from tests.infra.conftest import Stacks
from tests.infra.stack import Resource, Stack
from tests.infra.watched import DATASETS, condition, expressions_of

RUNBOOKS = Path(__file__).resolve().parents[2] / "docs" / "runbooks"
PROCESSOR = "serverless-data-processor-prod"
CONSUMER = "serverless-stream-consumer-prod"
CANARY = "serverless-canary-prod"
MAPPING = f"EventSourceMapping(Function({CONSUMER}))"
PROCESSOR_DLQ = "serverless-data-processor-dlq-prod"
CONSUMER_FAILURES = "serverless-stream-consumer-failures-prod"
WORKER = "serverless-large-file-worker-prod"
STARTING = "serverless-data-events-prod, serverless-large-files-prod"
LARGE_FILES = "StateMachine(serverless-large-files-prod).Arn"
TABLE = "serverless-processed-data-prod"
# What publishes nothing has stopped.
ON_SILENCE = {"canary-failing", "peer-silent"}
# Alarms of one kind share a page of the runbook.
PAGES = {f"rejected-rows-{dataset}": "rejected-rows" for dataset in DATASETS}
# What each alarm fires on: the metric, its limit, and how many consecutive periods.
CONDITIONS = {
    "processor-errors": f"Sum Errors of {PROCESSOR} > 0, 1 x 300 s",
    "processor-throttles": f"Sum Throttles of {PROCESSOR} > 0, 1 x 300 s",
    "processor-duration": f"Maximum Duration of {PROCESSOR} > 270000, 1 x 300 s",
    "processor-dlq-send-failures": f"Sum DeadLetterErrors of {PROCESSOR} > 0, 1 x 300 s",
    "processor-dlq-depth": (
        f"Maximum ApproximateNumberOfMessagesVisible of {PROCESSOR_DLQ} > 0, 1 x 300 s"
    ),
    "processor-dlq-age": (
        f"Maximum ApproximateAgeOfOldestMessage of {PROCESSOR_DLQ} > 3600, 1 x 300 s"
    ),
    "large-files-failed": f"Sum ExecutionsFailed of {LARGE_FILES} > 0, 1 x 300 s",
    "large-files-aborted": f"Sum ExecutionsAborted of {LARGE_FILES} > 0, 1 x 300 s",
    "large-files-not-started": f"Sum FailedInvocations of {STARTING} > 0, 1 x 300 s",
    "large-files-throttles": f"Sum Throttles of {WORKER} > 0, 2 x 300 s",
    **{
        f"rejected-rows-{dataset}": (
            "IF((FILL(accepted, 0) + FILL(rejected, 0)) > 0,"
            " 100 * FILL(rejected, 0) / (FILL(accepted, 0) + FILL(rejected, 0)), 0)"
            f" where accepted = Sum RowsAccepted of {dataset}, {PROCESSOR}"
            f" and rejected = Sum RowsRejected of {dataset}, {PROCESSOR} > 10, 1 x 300 s"
        )
        for dataset in DATASETS
    },
    "stream-consumer-errors": f"Sum Errors of {CONSUMER} > 0, 1 x 300 s",
    "stream-consumer-failed-events": f"Sum EventsFailed of {CONSUMER} > 0, 1 x 300 s",
    "stream-consumer-throttles": f"Sum Throttles of {CONSUMER} > 0, 1 x 300 s",
    "stream-consumer-duration": f"Maximum Duration of {CONSUMER} > 54000, 1 x 300 s",
    "stream-consumer-iterator-age": f"Maximum IteratorAge of {CONSUMER} > 300000, 1 x 300 s",
    "stream-consumer-failure-send-failures": (
        f"Sum DestinationDeliveryFailures of {CONSUMER} > 0, 1 x 300 s"
    ),
    "stream-consumer-failures-depth": (
        f"Maximum ApproximateNumberOfMessagesVisible of {CONSUMER_FAILURES} > 0, 1 x 300 s"
    ),
    "stream-consumer-failures-age": (
        f"Maximum ApproximateAgeOfOldestMessage of {CONSUMER_FAILURES} > 3600, 1 x 300 s"
    ),
    "stream-consumer-lost-changes": (
        "FILL(dropped, 0) + FILL(refused, 0)"
        f" where dropped = Sum DroppedEventCount of {MAPPING}"
        f" and refused = Sum FailedInvokeEventCount of {MAPPING} > 0, 1 x 300 s"
    ),
    "stream-consumer-stalled": (
        "IF(FILL(invoked, 0) > 0, 0, FILL(polled, 0) - FILL(filtered, 0))"
        f" where polled = Sum PolledEventCount of {MAPPING}"
        f" and filtered = Sum FilteredOutEventCount of {MAPPING}"
        f" and invoked = Sum InvokedEventCount of {MAPPING} > 0, 2 x 300 s"
    ),
    "canary-failing": f"Sum CanarySucceeded of {CANARY} < 1, 3 x 300 s",
    "peer-silent": f"Minimum PeerAlive of {CANARY} < 1, 2 x 300 s",
    "table-write-throttles": f"Sum WriteThrottleEvents of {TABLE} > 0, 2 x 300 s",
    "table-read-throttles": f"Sum ReadThrottleEvents of {TABLE} > 0, 2 x 300 s",
    "status-index-write-throttles": (
        f"Sum WriteThrottleEvents of status-index, {TABLE} > 0, 2 x 300 s"
    ),
    "table-system-errors": (
        "FILL(errors_putitem, 0) + FILL(errors_updateitem, 0) + FILL(errors_getitem, 0)"
        f" where errors_putitem = Sum SystemErrors of PutItem, {TABLE}"
        f" and errors_updateitem = Sum SystemErrors of UpdateItem, {TABLE}"
        f" and errors_getitem = Sum SystemErrors of GetItem, {TABLE} > 0, 1 x 300 s"
    ),
    "replication-latency": "Average ReplicationLatency of PEER, " + TABLE + " > 60000, 1 x 300 s",
}


@pytest.fixture(params=CONDITIONS)
def alarm(request: pytest.FixtureRequest, stack: Stack) -> Resource:
    return stack.one("AWS::CloudWatch::Alarm", f"serverless-{request.param}-prod")


def subject_of(alarm: Resource) -> str:
    return alarm.name.removeprefix("serverless-").removesuffix("-prod")


def page_of(alarm: Resource) -> str:
    return PAGES.get(subject_of(alarm), subject_of(alarm))


def first_command(page: str) -> str:
    """The first command of a runbook's page, which is for us-east-1."""
    found = re.search(r"^```sh\n(.+?)$", (RUNBOOKS / f"{page}.md").read_text(), re.MULTILINE)
    assert found
    return found[1]


def test_every_condition_has_its_alarm_and_there_is_no_other(stack: Stack) -> None:
    names = {alarm.name for alarm in stack.all("AWS::CloudWatch::Alarm")}

    assert names == {f"serverless-{subject}-prod" for subject in CONDITIONS}


def test_an_alarm_fires_on_what_its_name_says(alarm: Resource, stack: Stack) -> None:
    assert condition(alarm).replace(stack.peer_region, "PEER") == CONDITIONS[subject_of(alarm)]


def test_an_alarm_notifies_people_when_it_fires_and_when_it_clears(alarm: Resource) -> None:
    assert alarm.properties["AlarmActions"] == ["Topic(serverless-alerts-prod)"]
    assert alarm.properties["OKActions"] == ["Topic(serverless-alerts-prod)"]
    assert "ActionsEnabled" not in alarm.properties


def test_a_standby_without_traffic_is_quiet_but_not_one_without_signs_of_life(
    alarm: Resource,
) -> None:
    expected = "breaching" if subject_of(alarm) in ON_SILENCE else "notBreaching"

    assert alarm.properties["TreatMissingData"] == expected


@pytest.mark.parametrize(("every_minutes", "periods"), [(1, 3), (5, 3), (60, 25), (360, 145)])
def test_two_canaries_may_be_missing_before_people_are_called(
    every_minutes: int, periods: int
) -> None:
    failing, silent = flow_alarms.canary(every_minutes)

    assert failing.periods == periods
    assert silent.periods <= failing.periods
    # CloudWatch looks back one day at most.
    assert failing.periods * 300 <= 24 * 3600


def test_the_text_of_an_alarm_has_its_meaning_its_runbook_a_command_and_the_console(
    alarm: Resource, stack: Stack
) -> None:
    text = alarm.properties["AlarmDescription"]

    meaning, runbook, run, console = text.split("\n")
    assert meaning.endswith(".")
    base = "https://github.com/example/serverless-file-ingestion/blob/main/docs/runbooks"
    assert runbook == f"Runbook: {base}/{page_of(alarm)}.md"
    region = stack.region
    assert run.replace(f" --region {region}", "") == f"Run: {first_command(page_of(alarm))}"
    assert console == (
        f"Console: https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"
        f"#alarmsV2:alarm/{alarm.name}"
    )


def test_a_command_names_the_alarms_region_unless_it_shows_both(
    alarm: Resource, stack: Stack
) -> None:
    run = alarm.properties["AlarmDescription"].split("\n")[2]

    assert run.startswith("Run: ops status") != run.endswith(f" --region {stack.region}")


def test_the_text_of_an_alarm_fits_with_the_longest_names(alarm: Resource) -> None:
    # GitHub's limits of owner and name, and a long branch.
    repository, branch = f"{'o' * 39}/{'r' * 100}", "b" * 120
    shown = alarm.properties["AlarmDescription"]
    longest = shown.replace(
        "example/serverless-file-ingestion/blob/main", f"{repository}/blob/{branch}"
    )

    assert len(longest) <= 1024


def test_a_text_that_cloudwatch_would_refuse_is_refused_at_synthesis() -> None:
    [row, _] = flow_alarms.canary(5)

    with pytest.raises(ValueError, match="characters, not 1024"):
        alarm_text(row, name="a", region="r", runbooks="x" * 1024)


def test_a_deployers_alarms_lead_to_the_pages_of_their_own_repository(customised: Stacks) -> None:
    for each in customised.values():
        for alarm in each.all("AWS::CloudWatch::Alarm"):
            url = "https://github.com/acme/ingestion/blob/release/docs/runbooks/"
            assert url in alarm.properties["AlarmDescription"]


def test_there_is_a_page_for_each_alarm_and_none_for_what_is_no_alarm() -> None:
    pages = {page.stem for page in RUNBOOKS.glob("*.md")} - {"README", "us-east-1-is-lost"}

    assert pages == {PAGES.get(subject, subject) for subject in CONDITIONS}
    listed = re.findall(
        r"^\| \[(.+?)\]\(\1\.md\) \|", (RUNBOOKS / "README.md").read_text(), re.MULTILINE
    )
    assert sorted(listed) == sorted(pages)


def test_every_dataset_has_an_alarm_of_its_own() -> None:
    assert set(DATASETS) >= {"orders", "generic"}


def test_an_expression_uses_the_metrics_it_defines_and_no_others(alarm: Resource) -> None:
    for expression in expressions_of(alarm):
        assert expression.used == expression.defined


def test_an_alarm_watches_one_value(alarm: Resource) -> None:
    queries = alarm.properties.get("Metrics", [{"ReturnData": True}])

    assert sum(query["ReturnData"] for query in queries) == 1


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
