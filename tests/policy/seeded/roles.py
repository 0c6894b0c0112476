"""What roles may do that they should not."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from tests.policy.seeded.violation import EAST, Plant, Violation, new, put, say

TOPIC = "arn:aws:sns:us-east-1:000000000000:serverless-alerts-prod"


def _publishes(id_: str, type_: str, attached_to: str) -> Plant:
    """One more right of a role, by a policy that knows its name only."""

    def plant(role: cdk.CfnResource) -> None:
        assert isinstance(role, iam.CfnRole)
        to = role.role_name if attached_to == "RoleName" else [role.role_name]
        more = {"Statement": [{"Effect": "Allow", "Action": "sns:Publish", "Resource": TOPIC}]}
        new(id_, type_, PolicyName=id_, PolicyDocument=more, **{attached_to: to})(role)

    return plant


VIOLATIONS = (
    Violation(
        what="a wildcard action",
        at="Processor/Service/Role/DefaultPolicy",
        plant=put("PolicyDocument.Statement.0.Action", "s3:*"),
        rule="Project-no-wildcard-actions",
        says="s3:*",
    ),
    Violation(
        what="a wildcard resource",
        at="StreamConsumer/Service/Role/DefaultPolicy",
        plant=put("PolicyDocument.Statement.0.Resource", "*"),
        rule="Project-no-wildcard-resources",
        says="every resource",
    ),
    Violation(
        what="a widened role",
        at="Verification/Role/DefaultPolicy",
        plant=put("PolicyDocument.Statement.0.Action", ["s3:PutObject", "s3:DeleteObject"]),
        rule="Project-declared-actions",
        says="s3:DeleteObject",
        found_at="Verification/Role",
    ),
    Violation(
        what="every bucket there is, written as an ARN",
        at="Verification/Role/DefaultPolicy",
        plant=put("PolicyDocument.Statement.0.Resource", "arn:aws:s3:::*"),
        rule="Project-no-wildcard-resources",
        says="arn:aws:s3:::*",
    ),
    Violation(
        what="every table there is, written as an ARN",
        at="Processor/Service/Role/DefaultPolicy",
        plant=put("PolicyDocument.Statement.2.Resource", "arn:aws:dynamodb:*:*:table/*"),
        rule="Project-no-wildcard-resources",
        says="table/*",
    ),
    Violation(
        what="every role there is, for the pipeline",
        at="Pipeline/Pipeline/Role/DefaultPolicy",
        plant=say({"Action": "sts:AssumeRole", "Resource": "arn:aws:iam::000000000000:role/*"}),
        rule="Project-no-wildcard-resources",
        says="role/*",
        regions=(EAST,),
        in_pipeline=True,
    ),
    Violation(
        what="a role that is widened beside its policies",
        at="StreamConsumer/Service/Role",
        plant=_publishes("PlantedRolePolicy", "AWS::IAM::RolePolicy", "RoleName"),
        rule="Project-declared-actions",
        says="sns:Publish",
    ),
    Violation(
        what="a role that is widened by its name",
        at="Verification/Role",
        plant=_publishes("PlantedManagedPolicy", "AWS::IAM::ManagedPolicy", "Roles"),
        rule="Project-declared-actions",
        says="sns:Publish",
    ),
    Violation(
        what="a policy of a role that is not the app's",
        at="Verification/Role",
        plant=new("PlantedPolicy", "AWS::IAM::Policy", PolicyName="p", Roles=["another-role"]),
        rule="Project-declared-actions",
        says="another-role",
        found_at="PlantedPolicy",
    ),
    Violation(
        what="a key that a role may do everything with",
        at="Alerts/Key",
        plant=say(
            {"Principal": {"AWS": "arn:aws:iam::000000000000:role/one"}, "Action": "kms:*"},
            "KeyPolicy",
        ),
        rule="Project-no-wildcard-actions",
        says="role/one",
    ),
)
