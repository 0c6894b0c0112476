import json

import pytest

from policies.rules.no_plain_secrets import check
from tests.policy.templates import Body, resource, stack

# Put together here, so that this file holds no secret for a scanner to find.
KEY_ID = "AKIA" + "ABCDEFGH12345678"
OPEN = {"Name": "APP_TOKEN", "Value": "hunter2"}


def function(**variables: object) -> Body:
    return resource("AWS::Lambda::Function", Environment={"Variables": variables})


def build(*variables: Body) -> Body:
    return resource(
        "AWS::CodeBuild::Project", Environment={"EnvironmentVariables": list(variables)}
    )


def action(*variables: Body) -> Body:
    written = {"EnvironmentVariables": json.dumps(variables)}
    actions = [{"Configuration": {"Repository": "one"}}, {"Configuration": written}, {}]
    return resource("AWS::CodePipeline::Pipeline", Stages=[{"Actions": actions}])


def reported(body: Body) -> list[str]:
    return [finding.message for finding in check([stack({"It": body})])]


@pytest.mark.parametrize(
    "name",
    [
        *("CLIENT_SECRET", "GithubToken", "DB_PASSWORD", "password", "CREDENTIALS", "API_KEY"),
        *("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "PRIVATEKEY"),
    ],
)
def test_a_secret_of_a_function_is_found_by_its_name(name: str) -> None:
    assert reported(function(**{name: "hunter2"})) == [f"{name} is a secret by its name"]


@pytest.mark.parametrize(
    "value",
    [
        KEY_ID,
        f"id={KEY_ID};",
        {"Fn::Join": ["", [KEY_ID[:10], KEY_ID[10:]]]},
        "{{resolve:secretsmanager:prod/one:SecretString}}",
        "{{resolve:ssm-secure:/prod/one}}",
    ],
)
def test_a_secret_of_a_function_is_found_by_its_value(value: object) -> None:
    assert reported(function(SETTING=value)) == ["SETTING is a secret by its value"]


@pytest.mark.parametrize("type_", [{}, {"Type": "PLAINTEXT"}])
def test_a_plain_secret_of_a_build_is_found(type_: Body) -> None:
    assert reported(build({**OPEN, **type_})) == ["APP_TOKEN is a secret by its name"]
    assert reported(build({"Name": "ID", "Value": KEY_ID, **type_})) == [
        "ID is a secret by its value"
    ]


@pytest.mark.parametrize("type_", ["SECRETS_MANAGER", "PARAMETER_STORE"])
def test_a_secret_that_a_build_fetches_passes(type_: str) -> None:
    assert reported(build({**OPEN, "Type": type_})) == []
    assert reported(action({"name": "APP_TOKEN", "value": "prod/one", "type": type_})) == []


def test_a_plain_secret_that_a_pipeline_hands_to_a_build_is_found() -> None:
    assert reported(action({"name": "APP_TOKEN", "value": "hunter2", "type": "PLAINTEXT"})) == [
        "APP_TOKEN is a secret by its name"
    ]


def test_the_value_is_never_repeated() -> None:
    [by_name] = check([stack({"It": build(OPEN)})])
    [by_value] = check([stack({"It": function(SETTING=KEY_ID)})])

    assert "hunter2" not in str((by_name.message, by_name.rule))
    assert KEY_ID not in str((by_value.message, by_value.rule))


def test_what_is_no_secret_passes_and_so_does_where_one_is_kept() -> None:
    assert reported(resource("AWS::Lambda::Function")) == []
    assert (
        reported(function(TABLE="t", DB_SECRET_ARN="arn", TOKEN_NAME="n", BUS={"Ref": "B"})) == []
    )
    assert reported(build({"Name": "REGION", "Value": "us-east-1", "Type": "PLAINTEXT"})) == []
    assert reported(action({"name": "_PROJECT_CONFIG_HASH", "value": "ab12"})) == []
