"""The boundary of every role of the app: what they all do, and on what of the project's."""

from collections.abc import Mapping, Sequence
from typing import Any

from policies.rules import declared_actions
from policies.statements import ROLE
from policies.template import StackTemplate

# By name, whatever the role's own policies say. The bootstrap names its bucket and its parameter.
WITHIN = (
    "arn:aws:cloudformation:*:{account}:stack/serverless-*",
    "arn:aws:codebuild:*:{account}:project/*",
    "arn:aws:codebuild:*:{account}:report-group/*",
    "arn:aws:codeconnections:*:{account}:connection/*",
    "arn:aws:codepipeline:*:{account}:serverless-*",
    "arn:aws:codestar-connections:*:{account}:connection/*",
    "arn:aws:dynamodb:*:{account}:table/serverless-*",
    "arn:aws:events:*:{account}:event-bus/serverless-*",
    "arn:aws:kms:*:*:key/*",
    "arn:aws:logs:*:{account}:log-group:/aws/codebuild/*",
    "arn:aws:logs:*:{account}:log-group:/aws/lambda/serverless-*",
    "arn:aws:s3:::cdk-hnb659fds-assets-*",
    "arn:aws:s3:::serverless-*",
    "arn:aws:sns:*:{account}:serverless-*",
    "arn:aws:sqs:*:{account}:serverless-*",
    "arn:aws:ssm:*:{account}:parameter/cdk-bootstrap/*",
)
# These name nothing of the project's, or are called without a name. They only look.
ANYWHERE = frozenset(
    {"cloudformation:DescribeStacks", "cloudwatch:DescribeAlarms", "dynamodb:ListStreams"}
)
# In the other account as well, if there is one: whom it trusts is its own affair.
ASSUMED = (
    "arn:aws:iam::*:role/cdk-hnb659fds-deploy-role-*",
    "arn:aws:iam::*:role/cdk-hnb659fds-file-publishing-role-*",
    "arn:aws:iam::*:role/cdk-hnb659fds-lookup-role-*",
    "arn:aws:iam::*:role/serverless-verification-*",
)
# A key has no name of its own; one that has no alias yet is let through.
OWN_ALIASES = ("alias/serverless-*", "alias/aws/*")


def document(stacks: Sequence[StackTemplate], account: str) -> Mapping[str, Any]:
    """A role can't do more, whatever its own policies say. It gives nothing by itself."""
    done = {
        action
        for stack in stacks
        for role in stack.resources(ROLE)
        for action in declared_actions.actions(role, stacks)
    }
    assumed = {action for action in done if action.startswith("sts:")}
    within = [arn.format(account=account) for arn in WITHIN]
    others = {"ForAnyValue:StringNotLike": {"kms:ResourceAliases": list(OWN_ALIASES)}}
    statements = [
        _allow("Within", done - ANYWHERE - assumed, within),
        _allow("Anywhere", done & ANYWHERE, ["*"]),
        _allow("Assumed", assumed, ASSUMED),
        {"Sid": "OthersKeys", "Effect": "Deny", "Action": ["kms:*"], "Resource": ["*"]}
        | {"Condition": others},
    ]
    return {"Version": "2012-10-17", "Statement": [each for each in statements if each["Action"]]}


def _allow(
    sid: str, actions: set[str] | frozenset[str], resources: Sequence[str]
) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": list(resources),
    }
