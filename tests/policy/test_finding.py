from policies.finding import at, at_stack, rule_id
from tests.policy.templates import resource, stack

STACK = stack({"Queue": resource("AWS::SQS::Queue")}, outputs={"QueueUrl": {"Value": "u"}})


def test_a_finding_is_at_its_resource_and_names_its_type() -> None:
    [queue] = STACK.resources("AWS::SQS::Queue")

    found = at(queue, "why")

    assert (found.rule, found.region, found.message) == ("", "us-east-1", "why")
    assert found.path == "pipeline/primary/tap/Queue"
    assert found.source == "serverless-data-ingestion-prod, Queue (AWS::SQS::Queue)"


def test_a_finding_is_at_its_stack_or_at_its_output() -> None:
    of_stack, of_output = at_stack(STACK, "why"), at_stack(STACK, "why", logical_id="QueueUrl")

    assert (of_stack.rule, of_stack.path) == ("", "pipeline/primary/tap")
    assert of_stack.source == "serverless-data-ingestion-prod"
    assert of_output.path == "pipeline/primary/tap/QueueUrl"


def test_findings_on_one_construct_are_told_apart_in_brackets() -> None:
    assert rule_id("names", "") == "names"
    assert rule_id("names", "exact") == "names[exact]"
    assert at_stack(STACK, "why", exact="table").rule == "[table]"
    assert at_stack(STACK, "why", exact="table").kind == ""
