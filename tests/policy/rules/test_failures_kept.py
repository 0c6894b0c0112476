import pytest

from policies.rules.failures_kept import check
from tests.policy.templates import resource, stack

PLAIN = resource("AWS::Lambda::Function")
TO_A_QUEUE = {"OnFailure": {"Destination": {"Fn::GetAtt": ["Queue", "Arn"]}}}


def test_a_function_whose_failures_go_nowhere_is_found() -> None:
    [breach] = check([stack({"Function": PLAIN})])

    assert breach.path == "pipeline/primary/tap/Function"


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
