"""The account itself, its bootstrap and its quotas: each finding from a state."""

import json
from typing import Any

import pytest

import naming
from ops.preflight import needs
from tests.unit.ops.preflight.account import ACCOUNT, EAST, OTHER, World, error, plan_of

ADMINISTRATOR = {"PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
DENIES = {"Version": "2012-10-17", "Statement": []}


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("ENABLED", "ok"),
        ("ENABLED_BY_DEFAULT", "ok"),
        ("ENABLING", "attention"),
        ("DISABLING", "attention"),
        ("DISABLED", "attention"),
    ],
)
def test_a_region_has_to_be_enabled(status: str, state: str) -> None:
    world = World(answers={("get_region_opt_status", "us-west-2"): {"RegionOptStatus": status}})

    assert [line[0] for line in world.lines("region")] == ["ok", state]


@pytest.mark.parametrize(("status", "state"), [("PENDING", "attention"), ("ERROR", "attention")])
def test_a_connection_has_to_be_available(status: str, state: str) -> None:
    found = {"Connection": {"ConnectionStatus": status, "ProviderType": "GitHub"}}

    [line] = World(answers={"get_connection": found}).lines("connection")

    assert line[0] == state
    assert line[2].startswith("open https://console.aws.amazon.com/")


def test_a_connection_that_does_not_exist_is_a_finding() -> None:
    world = World(answers={"get_connection": error("ResourceNotFoundException")})

    [line] = world.lines("connection")

    assert line[0] == "attention"


@pytest.mark.parametrize(
    ("value", "state", "said"),
    [(0, "attention", "no build can run"), (1, "attention", "fails a stage"), (3, "ok", "3")],
)
def test_codebuild_has_to_run_a_build_of_each_stage_at_once(
    value: int, state: str, said: str
) -> None:
    world = World(answers={"get_service_quota": {"Quota": {"Value": float(value)}}})

    [line] = world.lines("CodeBuild")

    assert line[0] == state
    assert said in line[1]
    assert ("--quota-code L-2DC20C30 --desired-value 3" in line[2]) == (state == "attention")


def test_a_quota_that_service_quotas_has_no_value_of_is_unknown_though_its_default_is_known() -> (
    None
):
    answers = {
        "get_service_quota": error("NoSuchResourceException"),
        "get_aws_default_service_quota": {"Quota": {"Value": 300.0}},
    }

    [line] = World(answers=answers).lines("CodeBuild")

    assert line[0] == "unknown"
    assert "AWS's default is 300" in line[1]


@pytest.mark.parametrize(("value", "state"), [(10, "attention"), (48, "attention"), (49, "ok")])
def test_lambda_has_to_run_a_backlog_and_a_large_file_at_once(value: int, state: str) -> None:
    limits = {"AccountLimit": {"ConcurrentExecutions": value}}

    lines = World(answers={"get_account_settings": limits}).lines("Lambda")

    assert {line[0] for line in lines} == {state}


def test_what_is_needed_is_computed_from_the_templates() -> None:
    plan = plan_of()

    runs = needs.runs(plan, EAST)
    assert (runs.functions, runs.lanes, runs.ranges) == (1, 10, 8)
    assert runs.at_once == 1 + 10 * 4 + 8
    assert runs.calls == 10 * 4 * 10
    assert sum(needs.builds(plan, EAST).values()) == 1 + 2


def test_eventbridge_has_to_take_the_calls_that_a_backlog_begins_with() -> None:
    world = World(answers={"get_service_quota": {"Quota": {"Value": 399.0}}})

    lines = world.lines("EventBridge")

    assert {line[0] for line in lines} == {"attention"}
    assert all("L-9B653E91" in line[2] for line in lines)


def test_a_bucket_name_that_somebody_else_has_is_a_finding() -> None:
    world = World(buckets={"files-of-us-west-2": 403})

    east, west = world.lines("bucket names")

    assert (east[0], west[0]) == ("ok", "attention")
    assert "files-of-us-west-2" in west[1]
    assert "bucketSuffix" in west[2]


def test_a_bucket_of_the_account_itself_is_not_somebody_elses() -> None:
    own = {"Buckets": [{"Name": "files-of-us-west-2"}]}
    world = World(buckets={"files-of-us-west-2": 403}, answers={"list_buckets": own})

    assert {line[0] for line in world.lines("bucket names")} == {"ok"}


def test_a_name_that_s3_fails_to_look_up_is_not_called_free() -> None:
    world = World(buckets={"files-of-us-west-2": 503})

    assert [line[0] for line in world.lines("bucket names")] == ["ok", "unknown"]


def test_a_region_without_a_bootstrap_gets_the_command_with_this_commits_policies() -> None:
    world = World(answers={("get_parameter", "us-west-2"): error("ParameterNotFound")})

    east, west = world.lines("bootstrap")

    assert (east[0], west[0]) == ("ok", "attention")
    assert west[2].startswith(f"cdk bootstrap aws://{ACCOUNT}/us-west-2 ")
    assert f"arn:aws:iam::{ACCOUNT}:policy/{naming.deployment_policy(1)}" in west[2]


def test_the_bootstrap_of_a_second_account_trusts_the_pipelines() -> None:
    world = World(
        plan=plan_of(standby=OTHER), answers={("get_parameter", OTHER): error("ParameterNotFound")}
    )

    found = world.findings(ACCOUNT, OTHER)

    [line] = [each for each in found.lines if each.about == "bootstrap" and OTHER in each.region]
    assert f"--trust {ACCOUNT} --trust-for-lookup {ACCOUNT}" in line.next


def test_the_execution_role_has_exactly_the_policies_of_this_commit() -> None:
    attached = [ADMINISTRATOR, {"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/of-another-app"}]
    world = World(answers={"list_attached_role_policies": {"AttachedPolicies": attached}})

    said = {line[1] for line in world.lines("bootstrap", "us-east-1")}

    assert "CloudFormation has AdministratorAccess" in said
    assert "CloudFormation has of-another-app" in said
    assert f"CloudFormation lacks {naming.deployment_policy(1)}" in said


def test_a_policy_in_the_execution_role_itself_is_a_finding() -> None:
    names = {"PolicyNames": ["more"]}

    [line] = World(answers={("list_role_policies", "us-east-1"): names}).lines(
        "bootstrap", "us-east-1"
    )

    assert "delete-role-policy" in line[2]


def test_a_policy_with_another_document_is_not_this_commits() -> None:
    def changed(PolicyArn: str, VersionId: str) -> dict[str, Any]:  # noqa: ARG001, N803  # as boto3
        return {"PolicyVersion": {"Document": DENIES}}

    lines = World(answers={"get_policy_version": changed}).lines("policies")

    assert {line[0] for line in lines} == {"attention"}
    assert f"{naming.BOUNDARY} is not this commit's" in {line[1] for line in lines}
    assert all(line[2].splitlines()[0] == "make bootstrap-policies" for line in lines)


def test_policies_that_are_missing_are_made_by_the_bootstraps_stack() -> None:
    lines = World(answers={"get_policy": error("NoSuchEntity")}).lines("policies")

    assert {line[0] for line in lines} == {"attention"}
    assert all(f"--stack-name {naming.BOOTSTRAP_STACK}" in line[2] for line in lines)


def test_the_order_of_a_documents_keys_does_not_matter() -> None:
    def turned(PolicyArn: str, VersionId: str) -> dict[str, Any]:  # noqa: ARG001, N803  # as boto3
        made = world.plan.policies[PolicyArn.rpartition("/")[2]]
        text = json.dumps(dict(reversed(list(made.items())))).replace("${AWS::AccountId}", ACCOUNT)
        return {"PolicyVersion": {"Document": _plain(json.loads(text))}}

    world = World(answers={"get_policy_version": turned})

    assert [line[0] for line in world.lines("policies")] == ["ok"]


def _plain(value: Any) -> Any:  # noqa: ANN401  # JSON
    match value:
        case {"Fn::Sub": text}:
            return text
        case dict():
            return {key: _plain(part) for key, part in value.items()}
        case list():
            return [_plain(part) for part in value]
    return value
