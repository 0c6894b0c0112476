"""The permissions boundary of every role: the roles' actions, limited to the project's names."""

from collections.abc import Mapping, Sequence
from typing import Any

from naming import BOOTSTRAP_QUALIFIER, PREFIX
from policies.rules import declared_actions
from policies.templates.statements import ROLE
from policies.templates.template import StackTemplate, resources

# By name, independent of a role's own policies; includes the bootstrap's bucket and parameter.
WITHIN = (
    "arn:aws:cloudformation:*:{account}:stack/{prefix}*",
    "arn:aws:codebuild:*:{account}:project/*",
    "arn:aws:codebuild:*:{account}:report-group/*",
    "arn:aws:codeconnections:*:{account}:connection/*",
    "arn:aws:codepipeline:*:{account}:{prefix}*",
    "arn:aws:codestar-connections:*:{account}:connection/*",
    "arn:aws:dynamodb:*:{account}:table/{prefix}*",
    "arn:aws:events:*:{account}:event-bus/{prefix}*",
    "arn:aws:kms:*:*:key/*",
    "arn:aws:lambda:*:{account}:event-source-mapping:*",
    "arn:aws:lambda:*:{account}:function:{prefix}*",
    "arn:aws:logs:*:{account}:log-group:/aws/codebuild/*",
    "arn:aws:logs:*:{account}:log-group:/aws/lambda/{prefix}*",
    "arn:aws:s3:::cdk-{qualifier}-assets-*",
    "arn:aws:s3:::{prefix}*",
    # An access point has a name that it is not known by; in a second account, if there is one.
    "arn:aws:s3::*:accesspoint/*",
    "arn:aws:sns:*:{account}:{prefix}*",
    "arn:aws:sqs:*:{account}:{prefix}*",
    "arn:aws:ssm:*:{account}:parameter/cdk-bootstrap/*",
    "arn:aws:states:*:{account}:execution:{prefix}*",
    "arn:aws:states:*:{account}:stateMachine:{prefix}*",
)
# These take no resource, or none with a name of the project's. They only read.
ANYWHERE = frozenset(
    {
        "cloudformation:DescribeStacks",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:GetMetricData",
        "dynamodb:ListStreams",
        "lambda:ListEventSourceMappings",
    }
)
# In a second account as well, if there is one: its roles decide whom they trust.
ASSUMED = (
    f"arn:aws:iam::*:role/cdk-{BOOTSTRAP_QUALIFIER}-deploy-role-*",
    f"arn:aws:iam::*:role/cdk-{BOOTSTRAP_QUALIFIER}-file-publishing-role-*",
    f"arn:aws:iam::*:role/cdk-{BOOTSTRAP_QUALIFIER}-lookup-role-*",
    f"arn:aws:iam::*:role/{PREFIX}verification-*",
)
# A key has no name, so it is known by its alias; one without an alias is not denied.
OWN_ALIASES = (f"alias/{PREFIX}*", "alias/aws/*")


def document(stacks: Sequence[StackTemplate], account: str) -> Mapping[str, Any]:
    """Return the boundary: no role can do more, whatever its policies say; it grants nothing."""
    done = {
        action
        for role in resources(stacks, ROLE)
        for action in declared_actions.actions(role, stacks)
    }
    assumed = {action for action in done if action.startswith("sts:")}
    names = {"account": account, "prefix": PREFIX, "qualifier": BOOTSTRAP_QUALIFIER}
    within = [arn.format(**names) for arn in WITHIN]
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
