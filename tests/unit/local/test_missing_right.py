"""Whoever lacks a right reads in one sentence which, of which policy, and what to do."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

import naming
from local import missing_right
from local.clients import Clients
from local.errors import LocalCloudError

# What the role's own policies allow.
GRANTED = ("sqs:SendMessage", "kms:Decrypt")
# As the CDK prints it.
DENIED = """
  User: arn:aws:sts::000000000000:assumed-role/{role}/session is
  not authorized to perform: {action} on resource: arn:aws:x:::thing
  {reason}
"""
IMPLICIT = "because no identity-based policy allows the action"
EXPLICIT = "with an explicit deny in an identity-based policy"
EXECUTION = "cdk-fileingest-cfn-exec-role-000000000000-us-east-1"


class Iam:
    """What of IAM is asked, with two policies of CloudFormation's and one of a role."""

    def list_attached_role_policies(self, RoleName: str) -> dict[str, Any]:  # noqa: N803  # boto3's
        assert RoleName == EXECUTION
        return {"AttachedPolicies": [{"PolicyName": "second"}, {"PolicyName": "first"}]}

    def simulate_principal_policy(
        self,
        PolicySourceArn: str,  # noqa: N803  # boto3's
        ActionNames: list[str],  # noqa: N803  # boto3's
        ResourceArns: list[str],  # noqa: N803  # boto3's
    ) -> dict[str, Any]:
        assert PolicySourceArn.endswith(":role/consumer")
        assert ResourceArns[0] in ("arn:aws:x:::thing", "*")
        is_granted = ActionNames[0] in GRANTED
        return {
            "EvaluationResults": [{"EvalDecision": "allowed" if is_granted else "implicitDeny"}]
        }


CLIENTS = cast("Clients", SimpleNamespace(client=lambda *_: Iam()))
NO_CLIENTS = cast("Clients", None)


@pytest.mark.parametrize(
    ("role", "action", "reason", "policy", "file"),
    [
        (EXECUTION, "sns:CreateTopic", IMPLICIT, "first or second", "bootstrap/actions.toml"),
        ("consumer", "sqs:SendMessage", IMPLICIT, naming.BOUNDARY, "bootstrap/boundary.toml"),
        ("consumer", "kms:Decrypt", EXPLICIT, naming.BOUNDARY, "bootstrap/boundary.toml"),
        ("consumer", "s3:GetObject", IMPLICIT, "its own policy", "role_actions.toml"),
    ],
)
def test_a_denial_names_the_right_the_policy_and_the_file_to_change(
    role: str, action: str, reason: str, policy: str, file: str
) -> None:
    said = missing_right.find(DENIED.format(role=role, action=action, reason=reason), CLIENTS)

    assert said.startswith(f"{role} may not call {action} on arn:aws:x:::thing, which ")
    assert policy in said
    assert file in said
    assert "\n" not in said


def test_a_denial_that_names_no_resource_is_told_as_well() -> None:
    text = "assumed-role/consumer/x is not authorized to perform: sqs:SendMessage because no"

    assert missing_right.find(text, CLIENTS).startswith("consumer may not call sqs:SendMessage,")


def test_without_a_denial_nothing_is_asked_or_said() -> None:
    assert missing_right.find("Resource of type 'AWS::SNS::Topic' failed", NO_CLIENTS) == ""


def test_the_first_line_of_an_error_names_the_right() -> None:
    text = DENIED.format(role=EXECUTION, action="sns:CreateTopic", reason=IMPLICIT)

    with (
        pytest.raises(LocalCloudError, match=r"^cdk deploy failed; .*sns:CreateTopic.*:\n"),
        missing_right.named(CLIENTS),
    ):
        raise LocalCloudError(f"cdk deploy failed:\n{text}")
