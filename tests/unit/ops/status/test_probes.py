from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import naming
from ops.region import Region
from ops.status import probes
from ops.status.lines import Answer, State
from ops.status.outputs import MissingOutputError
from ops.status.probes import PROBES
from tests.unit.ops.status.aws import CONSUMER, EMPTY_QUEUE, MAPPING, OUTPUTS, Aws, healthy

EAST, WEST = naming.REGIONS
NOW = datetime.now(UTC)


def ask(about: str, **changed: object) -> Answer:
    """Return what a probe says of a region that is healthy but for some changed answers."""
    aws = Aws({EAST: {**healthy(EAST), **changed}})
    return PROBES[about](Region(aws, EAST, OUTPUTS))


def queue(**counts: int) -> dict[str, Any]:
    names = {"waiting": "", "held": "NotVisible", "delayed": "Delayed"}
    given = {f"ApproximateNumberOfMessages{names[each]}": str(n) for each, n in counts.items()}
    return {"Attributes": {**EMPTY_QUEUE, **given}}


def machine(**statuses: list[dict[str, Any]]) -> object:
    return lambda request: {"executions": statuses.get(request["statusFilter"], [])}


@pytest.mark.parametrize("about", PROBES)
def test_a_healthy_region_is_ok(about: str) -> None:
    answer = ask(about)

    assert answer.state is State.OK
    assert answer.says
    assert not answer.next


@pytest.mark.parametrize(
    ("about", "operation", "answer", "says", "command"),
    [
        (
            "dead letters",
            "get_queue_attributes",
            queue(waiting=3, held=1),
            "3 waiting, 1 held by somebody",
            f"ops redrive --region {EAST}",
        ),
        ("dead letters", "get_queue_attributes", queue(held=2), "2 held by somebody", "redrive"),
        ("quarantine", "get_queue_attributes", queue(waiting=1), "1 waiting", "quarantine list"),
        ("stream failures", "get_queue_attributes", queue(waiting=1), "1 waiting", "ops redrive"),
        (
            "stream mapping",
            "list_event_source_mappings",
            {"EventSourceMappings": []},
            "no change is announced",
            "ops drift",
        ),
        (
            "stream mapping",
            "list_event_source_mappings",
            {"EventSourceMappings": [{**MAPPING, "State": "Disabled"}]},
            "Disabled: no change is announced",
            "--uuid m --enabled",
        ),
        (
            "stream mapping",
            "list_event_source_mappings",
            {
                "EventSourceMappings": [
                    {**MAPPING, "LastProcessingResult": "PROBLEM: Function call failed"}
                ]
            },
            "PROBLEM: Function call failed",
            "aws logs tail",
        ),
        (
            "peer takeover",
            "get_event_source_mapping",
            {"State": "Enabled"},
            f"also announces the changes of {WEST}",
            "ops takeover off",
        ),
        (
            "alarms",
            "describe_alarms",
            {
                "MetricAlarms": [
                    {"AlarmName": f"a{n}", "StateValue": state}
                    for n, state in enumerate(["ALARM", "OK", "INSUFFICIENT_DATA"])
                ]
            },
            "1 of 3 firing: a0",
            "describe-alarms",
        ),
        (
            "table",
            "describe_table",
            {"Table": {"TableStatus": "ARCHIVED"}},
            "the table is ARCHIVED",
            "describe-table",
        ),
        (
            "table",
            "describe_table",
            {
                "Table": {
                    "TableStatus": "ACTIVE",
                    "Replicas": [
                        {
                            "RegionName": WEST,
                            "ReplicaStatus": "INACCESSIBLE_ENCRYPTION_CREDENTIALS",
                        }
                    ],
                }
            },
            f"the replica in {WEST} is INACCESSIBLE_ENCRYPTION_CREDENTIALS",
            "describe-table",
        ),
        (
            "recovery",
            "describe_continuous_backups",
            {
                "ContinuousBackupsDescription": {
                    "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"}
                }
            },
            "off",
            "ops restore-check",
        ),
        (
            "large files",
            "list_executions",
            machine(FAILED=[{"name": "e", "stopDate": NOW}], RUNNING=[{"name": "r"}]),
            "1 failed in the last 24 hours, 1 running; the newest: e",
            "ops items SUSPENDED",
        ),
    ],
)
def test_what_is_wrong_is_said_with_the_command_to_run(
    about: str, operation: str, answer: object, says: str, command: str
) -> None:
    found = ask(about, **{operation: answer})

    assert found.state is State.ATTENTION
    assert says in found.says
    assert command in found.next


@pytest.mark.parametrize(
    ("about", "operation", "answer"),
    [
        ("alarms", "describe_alarms", {"MetricAlarms": []}),
        (
            "alarms",
            "describe_alarms",
            {
                "MetricAlarms": [
                    {"AlarmName": "a", "StateValue": "OK"},
                    {"AlarmName": "b", "StateValue": "INSUFFICIENT_DATA"},
                ]
            },
        ),
        ("table", "describe_table", {"Table": {"TableStatus": "ACTIVE"}}),
    ],
)
def test_an_answer_without_data_is_unknown(about: str, operation: str, answer: object) -> None:
    assert ask(about, **{operation: answer}).state is State.UNKNOWN


def test_an_alarm_says_itself_what_to_run() -> None:
    text = "Files wait.\nRunbook: https://x/a.md\nRun: ops redrive --region us-east-1\nConsole: y"
    alarm = {"AlarmName": "a", "StateValue": "ALARM", "AlarmDescription": text}

    answer = ask("alarms", describe_alarms={"MetricAlarms": [alarm]})

    assert answer.next == "ops redrive --region us-east-1"


def test_an_execution_that_failed_long_ago_needs_nobody() -> None:
    old = {"name": "e", "stopDate": NOW - timedelta(hours=25)}

    assert ask("large files", list_executions=machine(FAILED=[old])).state is State.OK


def test_the_mapping_of_the_takeover_is_not_that_of_the_region() -> None:
    standing_by = {"State": "Disabled", "UUID": "t", "FunctionArn": f"{CONSUMER}:takeover"}
    answer = {"EventSourceMappings": [standing_by, MAPPING]}

    assert ask("stream mapping", list_event_source_mappings=answer).state is State.OK


@pytest.mark.parametrize(
    ("about", "output"),
    [
        ("dead letters", "ProcessorDlqUrl"),
        ("peer takeover", "TakeoverMappingId"),
        ("large files", "LargeFilesArn"),
    ],
)
def test_a_stack_of_an_older_version_lacks_an_output_by_name(about: str, output: str) -> None:
    without = {key: value for key, value in OUTPUTS.items() if key != output}

    with pytest.raises(MissingOutputError, match=output):
        PROBES[about](Region(Aws(), EAST, without))


def test_every_service_that_a_probe_uses_has_its_client_made_beforehand() -> None:
    used: set[str] = set()

    class Noting(Region):
        def client(self, service: str, *, invokes: bool = True) -> Any:  # noqa: ANN401  # boto3 has no types
            used.add(service)
            return super().client(service, invokes=invokes)

    for probe in PROBES.values():
        probe(Noting(Aws(), EAST, OUTPUTS))

    assert used == set(probes.SERVICES)
