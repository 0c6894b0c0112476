import pytest

from policies.rules.created_last import check
from tests.policy.templates import Body, resource, stack

QUEUE = resource("AWS::SQS::Queue")
TABLE = resource("AWS::DynamoDB::GlobalTable", Replicas=[{"DeletionProtectionEnabled": True}])
SCHEDULE = resource("AWS::Scheduler::Schedule")
TIMED_RULE = resource("AWS::Events::Rule", ScheduleExpression="rate(5 minutes)")
PIPELINE = resource("AWS::CodePipeline::Pipeline")


def after(body: Body, *others: str) -> Body:
    return {**body, "DependsOn": list(others)}


def found(**resources: Body) -> list[str]:
    return [each.message for each in check([stack(resources)])]


@pytest.mark.parametrize("last", [TABLE, SCHEDULE, TIMED_RULE, PIPELINE], ids=lambda it: it["Type"])
def test_what_may_exist_before_something_else_that_can_fail_is_found(last: Body) -> None:
    assert found(Last=last, One=QUEUE, Two=QUEUE) == ["may exist before 2 that can fail: One, Two"]
    assert found(Last=after(last, "One"), One=QUEUE, Two=QUEUE) == [
        "may exist before 1 that can fail: Two"
    ]


@pytest.mark.parametrize("last", [TABLE, SCHEDULE, TIMED_RULE, PIPELINE], ids=lambda it: it["Type"])
def test_what_is_created_when_all_else_exists_passes(last: Body) -> None:
    assert not found(Last=after(last, "One"), One=after(QUEUE, "Two"), Two=QUEUE)


@pytest.mark.parametrize(
    "reference",
    [
        {"Ref": "Last"},
        {"Fn::GetAtt": ["Last", "StreamArn"]},
        {"Fn::Sub": "${Last.StreamArn}/*"},
        {"Fn::Sub": ["${Arn}/*", {"Arn": {"Ref": "Last"}}]},
    ],
    ids=str,
)
def test_what_needs_a_table_comes_after_it_but_nothing_comes_after_what_acts(
    reference: object,
) -> None:
    reader = resource("AWS::Lambda::EventSourceMapping", EventSourceArn=[reference])

    assert not found(Last=TABLE, Reader=reader)
    assert found(Last=SCHEDULE, Reader=reader) == ["may exist before 1 that can fail: Reader"]


def test_an_unprotected_table_can_be_deleted_again_and_comes_at_any_time() -> None:
    unprotected = resource("AWS::DynamoDB::Table", DeletionProtectionEnabled=False)

    assert not found(Table=unprotected, One=QUEUE)


def test_a_stack_of_what_can_be_undone_has_no_order() -> None:
    assert not found(One=QUEUE, Two=QUEUE, Rule=resource("AWS::Events::Rule", EventPattern={}))


def test_a_cycle_is_named() -> None:
    waiting = {"One": after(QUEUE, "Two"), "Two": after(QUEUE, "One")}

    assert found(Last=TABLE, **waiting) == ["waits for itself: One, Two"]
