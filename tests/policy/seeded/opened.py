"""Access that must not be given: to everyone, in any notation, and to other accounts."""

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_

from tests.policy.seeded.violation import EAST, STATEMENT, Violation, new, put, say

FOREIGN = "999988887777"
STRANGER = {"AWS": f"arn:aws:iam::{FOREIGN}:root"}


def _open_url(function: cdk.CfnResource) -> None:
    url = lambda_.CfnUrl(
        function.stack, "PlantedUrl", auth_type="AWS_IAM", target_function_arn=function.ref
    )
    url.add_property_override("AuthType", "NONE")


VIOLATIONS = (
    Violation(
        what="a public bucket",
        at="Ingestion/Bucket",
        plant=put("PublicAccessBlockConfiguration.BlockPublicPolicy", value=False),
        rule="Project-not-public",
        says="BlockPublicPolicy",
    ),
    Violation(
        what="a function that anybody may invoke",
        at="Ingestion/InvokeProcessor",
        plant=put("Principal", "*"),
        rule="Project-not-public",
    ),
    Violation(
        what="a bucket that another account may read",
        at="Ingestion/Bucket/Policy",
        plant=say({"Principal": STRANGER, "Action": "s3:GetObject"}),
        rule="Project-no-foreign-accounts",
        says="s3:GetObject",
    ),
    Violation(
        what="a queue that another account may fill, written as a bare number",
        at="Processor/DeadLetters/Queue/Policy",
        plant=say({"Principal": {"AWS": [FOREIGN]}, "Action": "sqs:SendMessage"}),
        rule="Project-no-foreign-accounts",
    ),
    Violation(
        what="a topic that a service may use for another account",
        at="Alerts/Topic/Policy",
        plant=say(
            {
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sns:Publish",
                "Condition": {"StringEquals": {"aws:SourceAccount": FOREIGN}},
            }
        ),
        rule="Project-no-foreign-accounts",
    ),
    Violation(
        what="a table that another account may read",
        at="Table/Table",
        plant=put(
            "Replicas.0.ResourcePolicy.PolicyDocument.Statement",
            [{**STATEMENT, "Principal": STRANGER, "Action": "dynamodb:GetItem"}],
        ),
        rule="Project-no-foreign-accounts",
        regions=(EAST,),
    ),
    Violation(
        what="a role that another account may assume",
        at="Verification/Role",
        plant=put("AssumeRolePolicyDocument.Statement.0.Principal", STRANGER),
        rule="Project-no-foreign-accounts",
        says="sts:AssumeRole",
    ),
    Violation(
        what="a function that another account's buckets may invoke",
        at="Ingestion/InvokeProcessor",
        plant=put("SourceAccount", FOREIGN),
        rule="Project-no-foreign-accounts",
    ),
    Violation(
        what="an event bus that takes another account's events",
        at="Events",
        plant=new(
            "PlantedBusPolicy",
            "AWS::Events::EventBusPolicy",
            StatementId="planted",
            Statement={**STATEMENT, "Principal": STRANGER, "Action": "events:PutEvents"},
        ),
        rule="Project-no-foreign-accounts",
        found_at="PlantedBusPolicy",
    ),
    Violation(
        what="a key of the pipeline's that another account may use",
        at="Artifacts/Key",
        plant=say({"Principal": STRANGER, "Action": "kms:Decrypt"}, "KeyPolicy"),
        rule="Project-no-foreign-accounts",
        regions=(EAST,),
        in_pipeline=True,
    ),
    Violation(
        what="a queue open to a list of everybody",
        at="StreamConsumer/Failures/Queue/Policy",
        plant=say({"Principal": {"AWS": ["*"]}, "Action": "sqs:SendMessage"}),
        rule="Project-not-public",
        says="sqs:SendMessage",
    ),
    Violation(
        what="a queue open to everybody on an empty condition",
        at="StreamConsumer/Failures/Queue/Policy",
        plant=say({"Principal": "*", "Action": "sqs:ReceiveMessage", "Condition": {}}, at=8),
        rule="Project-not-public",
        says="sqs:ReceiveMessage",
    ),
    Violation(
        what="a queue open to everybody on a condition that binds nobody",
        at="Verification/CanaryEvents/Policy",
        plant=say(
            {
                "Principal": "*",
                "Action": "sqs:SendMessage",
                "Condition": {"Bool": {"aws:SecureTransport": "true"}},
            }
        ),
        rule="Project-not-public",
    ),
    Violation(
        what="a role that anybody may assume",
        at="StreamConsumer/Service/Role",
        plant=put("AssumeRolePolicyDocument.Statement.0.Principal", {"AWS": "*"}),
        rule="Project-not-public",
        says="sts:AssumeRole",
    ),
    Violation(
        what="a function that anybody may call by a URL",
        at="Processor/Service/Function",
        plant=_open_url,
        rule="Project-not-public",
        says="URL",
        found_at="PlantedUrl",
    ),
)
