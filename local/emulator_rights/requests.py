"""The requests that CloudFormation makes for a resource: actions, what they are on, and context."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import NamedTuple, TypeAlias

import naming
from bootstrap import handlers
from local.emulator_rights.arns import UNKNOWN, Resource

# IAM and S3 Control answer in these regions, whichever region a stack is in.
GLOBAL_REGION, ACCESS_POINT_REGION = naming.PRIMARY, naming.STANDBY
# They take no resource, or none that is known.
NOWHERE = (
    *("application-autoscaling:*", "cloudwatch:DescribeAlarms", "cloudwatch:PutMetricData"),
    *("kms:CreateKey", "kms:ListAliases", "lambda:CreateEventSourceMapping"),
    *("logs:DescribeIndexPolicies", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies"),
    *("s3:ListAllMyBuckets", "sns:GetSubscriptionAttributes", "sns:Unsubscribe"),
)
# Made only for a table with a replica in another account, which is then given a policy.
OF_OTHER_ACCOUNTS = {
    f"dynamodb:{each}"
    for each in ("AssociateTableReplica", "DeleteResourcePolicy", "PutResourcePolicy")
}
# The service that a role is passed to, by the type that passes it.
PASSED_TO = {
    "AWS::CodeBuild::Project": "codebuild",
    "AWS::CodePipeline::Pipeline": "codepipeline",
    "AWS::Events::Rule": "events",
    "AWS::Lambda::Function": "lambda",
    "AWS::Scheduler::Schedule": "scheduler",
    "AWS::StepFunctions::StateMachine": "states",
}
ROLE, TABLE = "AWS::IAM::Role", "AWS::DynamoDB::GlobalTable"
REPLICATION = "replication.dynamodb.amazonaws.com"
CONNECTION = r"arn:aws:code(star-)?connections:.*:connection/.*"
# IAM tells a policy the boundary of the role for these only.
OF_BOUNDED_ROLES = {
    *("iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePermissionsBoundary"),
    *("iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePermissionsBoundary"),
    "iam:PutRolePolicy",
}


class Request(NamedTuple):
    """A request as IAM sees it; ``context`` has the keys that no other request has."""

    action: str
    resource: str
    region: str
    context: tuple[tuple[str, str], ...] = ()


# The boundary of an existing role, by the role's ARN; empty if it has none.
BoundaryOf: TypeAlias = Callable[[str], str]


def requests(resource: Resource, operation: str, boundary_of: BoundaryOf) -> list[Request]:
    """Return the requests of an operation, in a fixed order.

    Raises ``KeyError`` for a type that is not in ``bootstrap/actions.toml``.
    """
    return [
        request
        for action in sorted(handlers.calls(resource.type, operation))
        for request in _requests(resource, action, boundary_of)
    ]


def _requests(resource: Resource, action: str, boundary_of: BoundaryOf) -> Iterator[Request]:
    service, _, name = action.partition(":")
    if any(fnmatchcase(action, pattern) for pattern in NOWHERE):
        yield Request(action, "*", resource.region)
    elif service == "iam":
        yield from _of_iam(resource, action, boundary_of)
    elif name == "PassConnection":
        for connection in sorted(resource.texts(CONNECTION)):
            arn = f"arn:aws:{service}:{connection.split(':', 3)[3]}"
            yield Request(action, arn, resource.region)
    elif name == "DescribeMultiRegionAccessPointOperation":
        arn = resource.arn(
            f"s3:{ACCESS_POINT_REGION}:{{account}}:async-request/mrap/{{name}}", UNKNOWN
        )
        yield Request(action, arn, ACCESS_POINT_REGION)
    elif service == "s3" and resource.type == "AWS::Lambda::Function":
        code = resource.properties["Code"]
        if "S3Key" in code:
            yield Request(action, f"arn:aws:s3:::{code['S3Bucket']}/{code['S3Key']}", GLOBAL_REGION)
    elif resource.type == TABLE:
        yield from _of_tables(resource, action)
    else:
        for arn in resource.arns():
            yield Request(action, arn, resource.region)


def _of_iam(resource: Resource, action: str, boundary_of: BoundaryOf) -> Iterator[Request]:
    if action == "iam:CreateServiceLinkedRole":
        arn = resource.arn("iam::{account}:role/aws-service-role/" + REPLICATION + "/{name}", "Any")
        yield Request(action, arn, GLOBAL_REGION, (("iam:AWSServiceName", REPLICATION),))
    elif resource.type in PASSED_TO:
        service = f"{PASSED_TO[resource.type]}.amazonaws.com"
        context = (("iam:PassedToService", service),) if action == "iam:PassRole" else ()
        for role in sorted(resource.roles()):
            yield Request(action, role, GLOBAL_REGION, context)
    else:
        for arn in resource.arns():
            wanted = resource.type == ROLE and resource.properties.get("PermissionsBoundary")
            boundary = (wanted or boundary_of(arn)) if action in OF_BOUNDED_ROLES else ""
            context = (("iam:PermissionsBoundary", boundary),) if boundary else ()
            yield Request(action, arn, GLOBAL_REGION, context)


def _of_tables(table: Resource, action: str) -> Iterator[Request]:
    """Yield a request in each region: CloudFormation sets up each replica where it is."""
    replicas = table.properties["Replicas"]
    if action in OF_OTHER_ACCOUNTS and not any("ResourcePolicy" in each for each in replicas):
        return
    for region in sorted(replica["Region"] for replica in replicas):
        here = replace(table, region=region)
        if action.startswith("kms:"):
            via = (("kms:ViaService", f"dynamodb.{region}.amazonaws.com"),)
            key = here.arn("kms:{region}:{account}:key/{name}", UNKNOWN)
            yield Request(action, key, region, via)
        else:
            for arn in here.arns():
                yield Request(action, arn, region)
