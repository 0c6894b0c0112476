"""The services' functions; the stream look-up is CDK's own and not meant here."""

from pathlib import Path

import pytest
from aws_cdk.cx_api import CloudAssembly

from services.bundling import bundle
from tests.infra.stack import Resource, Stack
from tests.infra.trees import digests

PROCESSOR = "serverless-data-processor-prod"
WORKER = "serverless-large-file-worker-prod"
CONSUMER = "serverless-stream-consumer-prod"
CANARY = "serverless-canary-prod"
RUNTIMES = Path(__file__).resolve().parents[2] / "services"
FUNCTION = "AWS::Lambda::Function"


@pytest.fixture(params=[PROCESSOR, WORKER, CONSUMER, CANARY])
def function(request: pytest.FixtureRequest, stack: Stack) -> Resource:
    return stack.one(FUNCTION, request.param)


@pytest.fixture
def processor(stack: Stack) -> Resource:
    return stack.one(FUNCTION, PROCESSOR)


def test_it_runs_on_python_3_14_on_arm(function: Resource) -> None:
    assert function.properties["Runtime"] == "python3.14"
    assert function.properties["Architectures"] == ["arm64"]


def test_its_handler_has_the_dotted_path_of_its_source(stack: Stack) -> None:
    handlers = {each.name: each.properties["Handler"] for each in stack.all(FUNCTION)}

    assert handlers[PROCESSOR] == "services.processor.runtime.main.lambda_handler"
    assert handlers[WORKER] == "services.processor.runtime.large_file_main.lambda_handler"
    assert handlers[CONSUMER] == "services.stream_consumer.runtime.main.lambda_handler"
    assert handlers[CANARY] == "services.canary.runtime.main.lambda_handler"


def test_a_file_may_take_five_minutes_a_range_fifteen_and_a_batch_of_changes_one(
    stack: Stack,
) -> None:
    timeouts_s = {each.name: each.properties["Timeout"] for each in stack.all(FUNCTION)}

    assert timeouts_s[PROCESSOR] == 300
    assert timeouts_s[WORKER] == 900
    assert timeouts_s[CONSUMER] == 60


def test_a_file_is_processed_with_a_whole_core(stack: Stack) -> None:
    memory_mb = {each.name: each.properties.get("MemorySize", 128) for each in stack.all(FUNCTION)}

    # With less, Lambda gives a share of one; docs/performance.md measures with this.
    assert min(memory_mb[PROCESSOR], memory_mb[WORKER]) >= 1769


@pytest.mark.parametrize(
    ("function_name", "service"),
    [
        (PROCESSOR, "processor"),
        (WORKER, "processor"),
        (CONSUMER, "stream_consumer"),
        (CANARY, "canary"),
    ],
)
def test_its_code_is_the_bundle_of_its_own_runtime(
    stack: Stack, assembly: CloudAssembly, function_name: str, service: str
) -> None:
    code = stack.one(FUNCTION, function_name).properties["Code"]

    asset = Path(assembly.directory) / f"asset.{code['S3Key'].removesuffix('.zip')}"

    assert digests(asset) == digests(bundle(RUNTIMES / service / "runtime", "lambda"))


def test_it_runs_under_its_own_role(stack: Stack) -> None:
    roles = {each.name: each.properties["Role"] for each in stack.all(FUNCTION)}

    assert roles[PROCESSOR] == f"Role(serverless-data-processor-{stack.region}-prod).Arn"
    assert roles[WORKER] == f"Role(serverless-large-file-worker-{stack.region}-prod).Arn"
    assert roles[CONSUMER] == f"Role(serverless-stream-consumer-{stack.region}-prod).Arn"
    assert roles[CANARY] == f"Role(serverless-canary-{stack.region}-prod).Arn"


def test_it_is_created_after_its_permissions(stack: Stack) -> None:
    for function in stack.all(FUNCTION):
        role = function.properties["Role"].removesuffix(".Arn")

        assert f"Policy({role})" in function.depends_on, function


def test_a_failed_file_is_retried_twice(stack: Stack) -> None:
    invocations = stack.one("AWS::Lambda::EventInvokeConfig", f"Function({PROCESSOR})")

    assert invocations.properties["MaximumRetryAttempts"] == 2
    assert "DestinationConfig" not in invocations.properties


def test_an_event_that_keeps_failing_is_kept_in_the_dead_letter_queue(processor: Resource) -> None:
    assert processor.properties["DeadLetterConfig"] == {
        "TargetArn": "Queue(serverless-data-processor-dlq-prod).Arn"
    }


def test_a_standby_is_not_made_passive_by_refusing_events(function: Resource) -> None:
    assert "ReservedConcurrentExecutions" not in function.properties


def test_it_logs_to_a_group_of_its_own_that_outlives_the_stack(stack: Stack) -> None:
    for function in stack.all(FUNCTION):
        log_group = stack.one("AWS::Logs::LogGroup", f"/aws/lambda/{function.name}")

        assert function.properties["LoggingConfig"]["LogGroup"] == str(log_group)
        assert log_group.retained, function


def test_no_file_arrives_before_the_table_exists(stack: Stack) -> None:
    puts_the_first_one = stack.one("AWS::Scheduler::Schedule")
    reads_the_tables_stream = "EventSourceMapping(Function(serverless-stream-consumer-prod))"

    assert reads_the_tables_stream in puts_the_first_one.depends_on
