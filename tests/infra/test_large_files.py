"""The state machine for large files: what starts it, what it calls, and where it ends."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from services.processor.large_files_definition import definition
from services.processor.runtime.large.states import Ended, Finish, GiveUp, Plan, Store, ToStore
from services.processor.runtime.storage.ledger_entry import LARGE_FILE
from services.stream_consumer.runtime.change import ItemType
from services.stream_consumer.runtime.event import DETAIL_TYPES, SOURCE
from tests.infra.conftest import Stacks
from tests.infra.stack import Resource, Stack, statements

MACHINE = "serverless-large-files-prod"
STEPS = {"plan": Plan, "store": Store, "finish": Finish, "give_up": GiveUp}


@pytest.fixture
def machine(stack: Stack) -> Resource:
    return stack.one("AWS::StepFunctions::StateMachine", MACHINE)


@pytest.fixture
def rule(stack: Stack) -> Resource:
    [found] = [each for each in stack.all("AWS::Events::Rule") if _starts(each)]
    return found


def _starts(rule: Resource) -> bool:
    return any("StateMachine(" in str(target["Arn"]) for target in rule.properties["Targets"])


def states(defined: Any = None) -> dict[str, Any]:  # noqa: ANN401  # JSON
    found = defined or definition("worker", "letters", 8)
    inner = found["States"]["StoreParts"]["ItemProcessor"]["States"]
    return {**found["States"], **inner}


def tasks() -> Iterator[tuple[str, dict[str, Any]]]:
    return ((name, state) for name, state in states().items() if state["Type"] == "Task")


def test_there_is_one_state_machine_of_the_kind_that_runs_for_days(stack: Stack) -> None:
    [machine] = stack.all("AWS::StepFunctions::StateMachine")

    assert machine.name == MACHINE
    assert machine.properties.get("StateMachineType", "STANDARD") == "STANDARD"


def test_the_machine_is_deployed_as_it_is_defined(stack: Stack, machine: Resource) -> None:
    text = machine.properties["DefinitionString"]

    deployed = json.loads(text)

    worker = "Function(serverless-large-file-worker-prod).Arn"
    letters = "Queue(serverless-data-processor-dlq-prod)"
    assert deployed == definition(worker, letters, 8)
    assert machine.depends_on >= {f"Policy(Role(serverless-large-files-{stack.region}-prod))"}


def test_a_deployer_sets_how_many_ranges_are_stored_at_once(customised: Stacks) -> None:
    for stack in customised.values():
        machine = stack.one("AWS::StepFunctions::StateMachine", MACHINE)
        deployed = json.loads(machine.properties["DefinitionString"])
        assert deployed["States"]["StoreParts"]["MaxConcurrency"] == 20


def test_it_is_started_by_the_entry_of_an_own_file_that_one_run_could_not_store(
    stack: Stack, rule: Resource
) -> None:
    pattern = rule.properties["EventPattern"]

    assert rule.properties["EventBusName"] == "EventBus(serverless-data-events-prod)"
    assert pattern == {
        "source": [SOURCE],
        "detail-type": [DETAIL_TYPES[ItemType.FILE]],
        "detail": {
            "change": ["CREATED", "UPDATED"],
            "originRegion": [stack.region],
            "status": ["SUSPENDED"],
            "item": {"failure": {"code": [LARGE_FILE, "OUT_OF_TIME"]}},
        },
    }


def test_it_is_started_with_the_entry(rule: Resource) -> None:
    [target] = rule.properties["Targets"]

    assert target["InputPath"] == "$.detail.item"


def test_each_task_is_called_with_what_its_step_reads() -> None:
    called = {
        state["Parameters"]["step"]: set(state["Parameters"]) - {"step"}
        for _, state in tasks()
        if "step" in state["Parameters"]
    }

    names = {step: {f"{name}.$" for name in kind.__struct_fields__} for step, kind in STEPS.items()}
    assert called == names


def test_the_machine_reads_what_a_step_returns() -> None:
    selected = states()["StoreParts"]["ItemSelector"]

    assert {path.removeprefix("$.") for path in selected.values()} - {"$$.Map.Item.Value"} <= set(
        ToStore.__struct_fields__
    )
    assert {"outcome", "letter", "problem"} <= set(Ended.__struct_fields__)


def test_every_outcome_leads_somewhere() -> None:
    choices = states()["HasEnded"]["Choices"]

    assert {choice["StringEquals"] for choice in choices} == {"COMPLETED", "FAILED", "MORE"}


def test_every_task_is_tried_again_and_has_a_limit_beyond_the_functions_own() -> None:
    for name, state in tasks():
        assert state["Retry"][-1]["ErrorEquals"] == ["States.ALL"], name
        assert state.get("TimeoutSeconds", 930) > 900, name


def test_a_step_waits_for_a_free_function_longer_than_many_steps_run() -> None:
    """In a new account ten functions may run at once; another file's take 15 minutes each."""
    for name, state in tasks():
        busy = state["Retry"][0]

        assert busy["ErrorEquals"] == ["Lambda.TooManyRequestsException"], name
        assert busy["MaxAttempts"] * busy["MaxDelaySeconds"] >= 12 * 3600
        assert busy["MaxAttempts"] < 25_000 / 10  # events that an execution may have


def test_what_keeps_failing_ends_in_a_letter_and_as_a_failed_execution() -> None:
    every = states()

    for name in ("Plan", "StoreParts", "Finish"):
        [catch] = every[name]["Catch"]
        assert (catch["ErrorEquals"], catch["Next"]) == (["States.ALL"], "GiveUp")
    assert every["GiveUp"]["Next"] == "HasEnded"
    assert every["Letter"]["Next"] == "NotCompleted"
    assert every["NotCompleted"]["Type"] == "Fail"


def test_a_thousand_ranges_return_no_more_than_a_state_holds() -> None:
    every = states()

    assert every["Stored"]["Result"] == {}
    assert every["StoreParts"]["ResultPath"] is None


def test_the_role_allows_exactly_what_the_machine_calls(stack: Stack, machine: Resource) -> None:
    """The emulator does not look at the role, so it is compared with the definition."""
    deployed = states(json.loads(machine.properties["DefinitionString"]))
    called = {state["Resource"] for state in deployed.values() if state["Type"] == "Task"}
    policy = stack.one("AWS::IAM::Policy", f"Role(serverless-large-files-{stack.region}-prod)")

    granted = {
        (action, resource)
        for statement in statements(policy.properties)
        for action in statement["Action"]
        for resource in statement["Resource"]
    }

    worker, letters = sorted(called, key=lambda each: "sqs" in each)
    url = deployed["Letter"]["Parameters"]["QueueUrl"]
    assert letters == "arn:aws:states:::sqs:sendMessage"
    assert {each for each in granted if not each[0].startswith("states:")} == {
        ("lambda:InvokeFunction", worker),
        ("sqs:SendMessage", f"{url}.Arn"),
    }
    # A distributed map starts its own machine for each item.
    assert deployed["StoreParts"]["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
    assert {action for action, _ in granted if action.startswith("states:")} == {
        "states:StartExecution",
        "states:DescribeExecution",
        "states:StopExecution",
    }
