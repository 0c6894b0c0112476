import pytest

from policies.rules.no_plain_secrets import check
from tests.policy.templates import Body, resource, stack

# Put together here, so that this file holds no secret for a scanner to find.
KEY_ID = "AKIA" + "ABCDEFGH12345678"


def function(**variables: object) -> Body:
    return resource("AWS::Lambda::Function", Environment={"Variables": variables})


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
    ],
)
def test_a_secret_of_a_function_is_found_by_its_value(value: object) -> None:
    assert reported(function(SETTING=value)) == ["SETTING is a secret by its value"]


def test_the_value_is_never_repeated() -> None:
    [by_name] = check([stack({"It": function(APP_TOKEN="hunter2")})])
    [by_value] = check([stack({"It": function(SETTING=KEY_ID)})])

    assert "hunter2" not in str((by_name.message, by_name.rule))
    assert KEY_ID not in str((by_value.message, by_value.rule))


def test_what_is_no_secret_passes_and_so_does_where_one_is_kept() -> None:
    assert reported(resource("AWS::Lambda::Function")) == []
    assert (
        reported(function(TABLE="t", DB_SECRET_ARN="arn", TOKEN_NAME="n", BUS={"Ref": "B"})) == []
    )
