import pytest
from botocore.exceptions import NoCredentialsError

import naming
from ops.status.lines import State, exit_code
from tests.unit.ops.preflight.account import ACCOUNT, OTHER, World, error, plan_of

POLICIES = "list_attached_role_policies"


def test_an_account_that_is_bootstrapped_and_empty_is_ready() -> None:
    found = World().findings()

    assert {line.says for line in found.lines if line.state is not State.OK} == set()
    assert exit_code(found.verdict) == 0


def test_credentials_of_another_account_are_a_finding_and_nothing_else_is_asked() -> None:
    world = World(answers={"get_caller_identity": {"Account": OTHER, "Arn": "a:user/ana"}})

    found = world.findings()

    assert exit_code(found.verdict) == 1
    assert "cdk.json says 111122223333" in found.lines[0].says
    assert {line.state for line in found.lines[1:]} == {State.UNKNOWN}
    assert {operation for _, _, operation in world.asked} == {"get_caller_identity"}


def test_without_credentials_nothing_is_known() -> None:
    world = World(answers={"get_caller_identity": NoCredentialsError()})

    found = world.findings()

    assert {line.state for line in found.lines} == {State.UNKNOWN}
    assert exit_code(found.verdict) == 2


def test_without_credentials_of_its_own_account_the_standby_is_unknown() -> None:
    world = World(plan=plan_of(standby=OTHER))

    found = world.findings()

    unknown = {(line.about, line.region) for line in found.lines if line.state is State.UNKNOWN}
    assert unknown == {("account", ""), ("everything", f"us-west-2 of {OTHER}")}
    assert exit_code(found.verdict) == 2
    assert {account for account, _, _ in world.asked} == {ACCOUNT}


def test_a_standby_in_an_account_of_its_own_is_asked_with_its_own_credentials() -> None:
    world = World(plan=plan_of(standby=OTHER))

    found = world.findings(ACCOUNT, OTHER)

    assert exit_code(found.verdict) == 0
    assert (OTHER, "us-west-2", POLICIES) in world.asked
    assert not {region for account, region, _ in world.asked if account == OTHER} - {"us-west-2"}


def calls() -> list[str]:
    """Every call that is made to an account that is ready."""
    world = World()
    world.findings()
    return sorted({operation for _, _, operation in world.asked})


CALLS = calls()


@pytest.mark.parametrize("operation", CALLS)
def test_a_right_that_is_missing_leaves_its_question_unknown_and_the_verdict_too(
    operation: str,
) -> None:
    found = World(answers={operation: error("AccessDenied", operation)}).findings()

    assert exit_code(found.verdict) == 2
    assert any(operation in line.says or "account" in line.about for line in found.lines)


@pytest.mark.parametrize("operation", CALLS)
def test_an_api_that_is_not_there_is_unknown_and_never_ok(operation: str) -> None:
    found = World(answers={operation: error("InternalFailure", operation, 500)}).findings()

    assert exit_code(found.verdict) == 2


def test_a_finding_is_said_even_if_something_else_is_unknown() -> None:
    answers = {
        "get_account_settings": error("AccessDenied"),
        "get_region_opt_status": {"RegionOptStatus": "DISABLED"},
    }

    assert exit_code(World(answers=answers).findings().verdict) == 1


def test_commands_name_the_profile_that_was_given() -> None:
    answers = {"get_region_opt_status": {"RegionOptStatus": "DISABLED"}}

    found = World(answers=answers).findings(profiles={ACCOUNT: "first day"})

    [line] = [
        each for each in found.lines if each.about == "region" and naming.PRIMARY in each.region
    ]
    assert line.next.endswith("--region us-east-1 --profile 'first day'")
