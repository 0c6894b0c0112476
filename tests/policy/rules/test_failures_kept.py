import pytest

from policies.rules.failures_kept import check
from tests.policy.templates import Body, resource, stack

PLAIN = resource("AWS::Lambda::Function")
TO_A_QUEUE = {"OnFailure": {"Destination": {"Fn::GetAtt": ["Queue", "Arn"]}}}


def test_a_function_whose_failures_go_nowhere_is_found() -> None:
    [finding] = check([stack({"Function": PLAIN})])

    assert finding.path == "pipeline/primary/tap/Function"
    assert finding.message == "an event that keeps failing is lost without a trace"


def test_a_dead_letter_queue_is_enough() -> None:
    queue = {"TargetArn": {"Fn::GetAtt": ["Queue", "Arn"]}}

    assert not list(
        check([stack({"Function": resource("AWS::Lambda::Function", DeadLetterConfig=queue)})])
    )


@pytest.mark.parametrize("source", ["EventSourceMapping", "EventInvokeConfig"])
def test_an_on_failure_destination_is_enough(source: str) -> None:
    given = resource(
        f"AWS::Lambda::{source}",
        FunctionName={"Ref": "Function"},
        DestinationConfig=TO_A_QUEUE,
    )

    assert not list(check([stack({"Function": PLAIN, "Source": given})]))


def test_another_functions_destination_does_not_count() -> None:
    source = resource(
        "AWS::Lambda::EventSourceMapping",
        FunctionName={"Ref": "Other"},
        DestinationConfig=TO_A_QUEUE,
    )

    assert list(check([stack({"Function": PLAIN, "Source": source})]))


KEEPING = resource("AWS::Lambda::Function", DeadLetterConfig={"TargetArn": "arn"})


def mapping(**properties: object) -> dict[str, Body]:
    source = resource("AWS::Lambda::EventSourceMapping", FunctionName="f", **properties)
    return {"Function": KEEPING, "Source": source}


@pytest.mark.parametrize("destination", [{}, {"OnFailure": {}}])
def test_a_stream_that_goes_on_after_a_failure_is_found_whatever_its_function_has(
    destination: Body,
) -> None:
    given = mapping(StartingPosition="TRIM_HORIZON", DestinationConfig=destination)

    [finding] = check([stack(given)])

    assert finding.path == "pipeline/primary/tap/Source"
    assert finding.message == "a batch that keeps failing is skipped without a trace"


def test_a_stream_whose_failures_are_kept_passes_and_so_does_a_queue() -> None:
    stream = mapping(StartingPosition="TRIM_HORIZON", DestinationConfig=TO_A_QUEUE)

    assert not list(check([stack(stream)]))
    assert not list(check([stack(mapping(BatchSize=10))]))


@pytest.mark.parametrize("kept_s", [None, 60, 345_600])
def test_a_queue_that_deletes_failures_before_anybody_has_looked_is_found(kept_s: int) -> None:
    queue = resource("AWS::SQS::Queue", MessageRetentionPeriod=kept_s)
    to_it = {"Arn": {"Fn::GetAtt": ["Queue", "Arn"]}}
    rule = resource("AWS::Events::Rule", Targets=[{"DeadLetterConfig": to_it}])

    [finding] = check([stack({"Queue": queue, "Rule": rule})])

    assert finding.path == "pipeline/primary/tap/Queue"
    assert not list(check([stack({"Queue": queue})]))
