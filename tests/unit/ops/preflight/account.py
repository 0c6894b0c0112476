"""An account that answers as it is told, and a product small enough to know by heart."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

import naming
from ops.preflight import plan as planning
from ops.preflight import toolkit
from ops.preflight.look import Look
from ops.preflight.plan import Plan, Site
from ops.preflight.survey import Findings, Survey
from policies.templates.template import StackTemplate

ACCOUNT, OTHER = "111122223333", "444455556666"
CONNECTION = f"arn:aws:codeconnections:us-east-1:{ACCOUNT}:connection/1a2b"
EAST, WEST = Site(account=ACCOUNT, region="us-east-1"), Site(account=ACCOUNT, region="us-west-2")
Answer = Any  # what a call returns, the exception it raises, or a function of its arguments


def error(code: str, operation: str = "Read", status: int = 400) -> ClientError:
    metadata = {"HTTPStatusCode": status}
    answer = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": metadata}
    return ClientError(answer, operation)


def build(name: str, order: int = 1) -> Mapping[str, Any]:
    return {
        "Name": name,
        "ActionTypeId": {"Provider": "CodeBuild"},
        "RunOrder": order,
        "Configuration": {"ProjectName": {"Ref": "Build"}},
    }


PIPELINE: Mapping[str, Any] = {
    "Build": {
        "Type": "AWS::CodeBuild::Project",
        "Properties": {
            "Environment": {"Type": "LINUX_CONTAINER", "ComputeType": "BUILD_GENERAL1_MEDIUM"}
        },
    },
    "Pipeline": {
        "Type": "AWS::CodePipeline::Pipeline",
        "Properties": {
            "Name": naming.PIPELINE,
            "Stages": [
                {
                    "Actions": [
                        {
                            "ActionTypeId": {"Provider": "CodeStarSourceConnection"},
                            "Configuration": {"ConnectionArn": CONNECTION},
                        }
                    ]
                },
                {"Actions": [build("synth")]},
                {"Actions": [build("a"), build("b"), build("c", order=2)]},
            ],
        },
    },
}
PRODUCT: Mapping[str, Any] = {
    "Files": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "files-of-{region}"}},
    "Consumer": {
        "Type": "AWS::Lambda::Function",
        "Properties": {"FunctionName": naming.STREAM_CONSUMER},
    },
    "Changes": {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {"ParallelizationFactor": 10},
    },
    "Takeover": {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {"ParallelizationFactor": 10, "Enabled": False},
    },
    "Machine": {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "StateMachineName": naming.LARGE_FILES,
            "DefinitionString": {
                "Fn::Join": ["", ['{"MaxConcurrency":8,"A":"', {"Ref": "C"}, '"}']]
            },
        },
    },
    "Key": {"Type": "AWS::KMS::Key", "Properties": {"Description": "Encrypts alerts"}},
}


def plan_of(standby: str = ACCOUNT) -> Plan:
    tables = (
        (_table("us-east-1", "us-west-2"), {})
        if standby == ACCOUNT
        else (_table("us-east-1"), _table("us-west-2"))
    )
    return planning.of(
        [
            stack(naming.PIPELINE, "us-east-1", PIPELINE),
            stack(naming.stack("us-east-1"), "us-east-1", {**PRODUCT, **tables[0]}),
            stack(naming.artifact_stack("us-west-2"), "us-west-2", {}),
            stack(
                naming.stack("us-west-2"), "us-west-2", {**PRODUCT, **tables[1]}, account=standby
            ),
        ]
    )


def _table(*regions: str) -> Mapping[str, Any]:
    replicas = [{"Region": each} for each in regions]
    properties = {"TableName": naming.TABLE, "Replicas": replicas}
    return {"Table": {"Type": "AWS::DynamoDB::GlobalTable", "Properties": properties}}


def stack(
    name: str, region: str, resources: Mapping[str, Any], *, account: str = ACCOUNT
) -> StackTemplate:
    files = resources.get("Files", {}).get("Properties", {})
    named = {"BucketName": f"files-of-{region}"} if files else {}
    own = (
        {**resources, "Files": {"Type": "AWS::S3::Bucket", "Properties": named}}
        if files
        else resources
    )
    return StackTemplate(
        path=name,
        stage_path="" if "pipeline" in name else name,
        region=region,
        account=account,
        name=name,
        template={"Resources": own},
        termination_protected=True,
    )


@dataclass
class World:
    """Accounts that are ready for a first deployment, but for what ``answers`` say instead.

    A key is an operation, or an operation and the only account or region that answers so.
    """

    plan: Plan = field(default_factory=plan_of)
    answers: Mapping[Any, Answer] = field(default_factory=dict)
    buckets: Mapping[str, int] = field(default_factory=dict)  # HTTP status by name
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def findings(self, *accounts: str, profiles: Mapping[str, str] | None = None) -> Findings:
        sessions = {each: Session(self, each) for each in accounts or (ACCOUNT,)}
        return Survey(self.plan, Look(sessions, profiles or {}), Anonymous(self.buckets)).look()

    def lines(self, about: str, region: str = "") -> list[tuple[str, str, str]]:
        return [
            (line.state.value, line.says, line.next)
            for line in self.findings().lines
            if line.about == about and line.region.startswith(region)
        ]

    def answer(self, account: str, region: str, operation: str, arguments: Any) -> Any:  # noqa: ANN401
        self.asked.append((account, region, operation))
        keys: tuple[Any, ...] = ((operation, region), (operation, account), operation)
        found = next((self.answers[key] for key in keys if key in self.answers), None)
        if found is None:
            found = ready(self.plan, account).get(operation, error("NotFound", operation))
        if isinstance(found, Callable):  # type: ignore[arg-type]  # a function, or what a call returns
            found = found(**arguments)
        if isinstance(found, Exception):
            raise found
        return found


def ready(plan: Plan, account: str) -> Mapping[str, Answer]:
    """Return what an account answers that is bootstrapped, and where nothing is deployed."""
    return {
        "get_caller_identity": {"Account": account, "Arn": f"arn:aws:iam::{account}:user/ana"},
        "describe_stacks": bootstrapped,
        "get_region_opt_status": {"RegionOptStatus": "ENABLED_BY_DEFAULT"},
        "get_parameter": {"Parameter": {"Value": "30"}},
        "get_role": lambda RoleName: (  # noqa: N803  # as boto3
            {"Role": {}} if RoleName.startswith("cdk-") else error("NoSuchEntity")
        ),
        "list_attached_role_policies": {
            "AttachedPolicies": [
                {"PolicyArn": f"arn:aws:iam::{account}:policy/{name}"}
                for name in plan.policies
                if name != naming.BOUNDARY
            ]
        },
        "list_role_policies": {"PolicyNames": []},
        "get_policy": {"Policy": {"DefaultVersionId": "v3"}},
        "get_policy_version": lambda PolicyArn, VersionId: document(plan, account, PolicyArn),  # noqa: ARG005, N803
        "list_policy_versions": {"Versions": [{"VersionId": "v3", "IsDefaultVersion": True}]},
        "list_entities_for_policy": {},
        "get_connection": {
            "Connection": {"ConnectionStatus": "AVAILABLE", "ProviderType": "GitHub"}
        },
        "get_service_quota": {"Quota": {"Value": 10_000.0}},
        "get_account_settings": {"AccountLimit": {"ConcurrentExecutions": 1000}},
        "list_buckets": {"Buckets": []},
        "batch_get_projects": {"projects": []},
        "list_keys": {"Keys": []},
        "list_stack_resources": lambda StackName: policies_of(plan, account),  # noqa: ARG005, N803
    }


def policies_of(plan: Plan, account: str) -> Answer:
    """Return the policies as resources of the bootstrap's stack."""
    return {
        "StackResourceSummaries": [
            {
                "PhysicalResourceId": f"arn:aws:iam::{account}:policy/{name}",
                "ResourceStatus": "CREATE_COMPLETE",
            }
            for name in plan.policies
        ]
    }


def bootstrapped(StackName: str) -> Answer:  # noqa: N803  # as boto3
    if StackName in (naming.BOOTSTRAP_STACK, naming.TOOLKIT_STACK):
        return {"Stacks": [{"StackStatus": "CREATE_COMPLETE"}]}
    return error(f"Stack {StackName} does not exist")


def document(plan: Plan, account: str, arn: str) -> Mapping[str, Any]:
    made = toolkit.substituted(plan.policies[arn.rpartition("/")[2]], account)
    return {"PolicyVersion": {"Document": made}}


class Session:
    def __init__(self, world: World, account: str) -> None:
        self._world, self._account = world, account

    def client(self, service: str, region_name: str, config: object) -> "Client":  # noqa: ARG002  # as boto3
        return Client(self._world, self._account, region_name)


class Client:
    """A client of every service; a paginator's only page is the operation's answer."""

    def __init__(self, world: World, account: str, region: str) -> None:
        self._world, self._account, self._region = world, account, region

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**arguments: object) -> Any:  # noqa: ANN401  # boto3 has no types
            return self._world.answer(self._account, self._region, operation, arguments)

        return call

    def get_paginator(self, operation: str) -> "Pages":
        return Pages(getattr(self, operation))


class Pages:
    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def paginate(self, **arguments: object) -> Iterator[Any]:
        yield self._call(**arguments)


class Anonymous:
    """S3 as anybody sees it; a bucket that nobody has is not found."""

    def __init__(self, statuses: Mapping[str, int]) -> None:
        self._statuses = statuses

    def head_bucket(self, *, Bucket: str) -> None:  # noqa: N803  # as boto3
        status = self._statuses.get(Bucket, 404)
        if status != 200:
            raise error(str(status), "HeadBucket", status)
