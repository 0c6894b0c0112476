"""Every right of the app: of the stacks' roles, producers' policies, and the pipeline's roles.

The pipeline is not deployed to the cloud; its roles' rights are read from its template, and what is
not known before it is deployed is made up.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import naming
from local.aws_isolation import ACCOUNT
from local.cloud import Cloud
from local.paths import REPOSITORY
from naming import PRIMARY, REGIONS, STANDBY
from policies.templates.template import as_list, as_text
from tests.e2e.verifier import PIPELINE

DECLARED = REPOSITORY / "policies" / "declared" / "role_actions.toml"
PIPELINES = f"{naming.PIPELINE}/"
# The roles of both regions' stacks, by their places there; the other roles are the pipeline's.
ROLES: Mapping[str, Callable[[str], str]] = {
    "tap/Canary/ScheduleRole": naming.canary_schedule_role,
    "tap/Canary/Service/Role": naming.canary_role,
    "tap/LargeFiles/Role": naming.large_files_role,
    "tap/LargeFiles/Starter": lambda region: naming.large_files_role(region, "-starter"),
    "tap/People/Operator": naming.operator_role,
    "tap/People/Reader": naming.reader_role,
    "tap/Processor/Service/Role": naming.processor_role,
    "tap/Processor/Worker/Role": naming.large_file_worker_role,
    "tap/StreamConsumer/Service/Role": naming.stream_consumer_role,
    "tap/Table/LookupRole": naming.stream_lookup_role,
    "tap/Verification/Role": naming.verification_role,
}
# The local cloud has one producer.
PRODUCER, PUT = "tap/Producers/sample", ("s3:AbortMultipartUpload", "s3:PutObject")
# What shows that something fails without an action, or calls it.
NEEDED = {
    "tap/Canary/ScheduleRole": "its target, test_needed_rights.py (static)",
    "tap/Canary/Service/Role": "test_least_privilege.py",
    "tap/LargeFiles/Role": "its definition, test_large_files.py (static)",
    "tap/LargeFiles/Starter": "its target, test_needed_rights.py (static)",
    "tap/People/Operator": "commands of ops, test_people.py",
    "tap/People/Reader": "commands of ops, test_people.py",
    "tap/Processor/Service/Role": "test_least_privilege.py",
    "tap/Processor/Worker/Role": "test_least_privilege.py",
    "tap/StreamConsumer/Service/Role": "test_least_privilege.py",
    "tap/Table/LookupRole": "its call, test_needed_rights.py (static)",
    "tap/Verification/Role": "test_verification.py",
    PRODUCER: "test_access_point.py",
}
OF_THE_PIPELINE = "not shown by action: CDK Pipelines grants it; make rehearse acts with the role"
_HERE = f"{PRIMARY}:{ACCOUNT}"
# Of what the pipeline's stack makes.
ARNS = {
    "AWS::CodeBuild::Project": f"arn:aws:codebuild:{_HERE}:project/{{id}}",
    "AWS::KMS::Key": f"arn:aws:kms:{_HERE}:key/{{id}}",
    "AWS::Logs::LogGroup": f"arn:aws:logs:{_HERE}:log-group:{{LogGroupName}}:*",
    "AWS::S3::Bucket": "arn:aws:s3:::{BucketName}",
    "AWS::SNS::Topic": f"arn:aws:sns:{_HERE}:{{TopicName}}",
}

Statement: TypeAlias = Mapping[str, Any]


class Right(NamedTuple):
    region: str
    place: str
    action: str

    @property
    def holder(self) -> str:
        """The name of the role or policy; of a role without one, its place in the pipeline."""
        return _holder(self.region, self.place)

    @property
    def needed_by(self) -> str:
        return NEEDED.get(self.place, OF_THE_PIPELINE)


def declared() -> Iterator[Right]:
    """Yield every right of the app as it is with one account."""
    for place, row in tomllib.loads(DECLARED.read_text()).items():
        if place.startswith(PIPELINES):
            yield from (Right(PRIMARY, place, action) for action in row["actions"])
            continue
        for region in (STANDBY,) if place == "tap/Table/LookupRole" else REGIONS:
            more = row.get("in_standby", ()) if region == STANDBY else ()
            yield from (Right(region, place, action) for action in (*row["actions"], *more))
    yield from (Right(region, PRODUCER, action) for region in REGIONS for action in PUT)


def statements(cloud: Cloud, assembly: Path, region: str, place: str) -> list[Statement]:
    """Return the statements of the role or policy at that place."""
    iam = cloud.client("iam", PRIMARY)
    name = _holder(region, place)
    if place.startswith(PIPELINES):
        return _of_template(assembly, place)
    if place == PRODUCER:
        arn = f"arn:aws:iam::{ACCOUNT}:policy/{name}"
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        found = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
        return [*found["Document"]["Statement"]]
    names = iam.list_role_policies(RoleName=name)["PolicyNames"]
    return [
        statement
        for policy in names
        for statement in iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"][
            "Statement"
        ]
    ]


def listed(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _holder(region: str, place: str) -> str:
    if place == PRODUCER:
        return naming.producer_policy("sample", region)
    return ROLES[place](region) if place in ROLES else place


def _of_template(assembly: Path, place: str) -> list[Statement]:
    template = json.loads((assembly / PIPELINE).read_bytes())["Resources"]
    paths = {
        id_: str(each["Metadata"].get("aws:cdk:path", ""))
        for id_, each in template.items()
        if "Metadata" in each
    }
    [role] = [id_ for id_, path in paths.items() if path == f"{place}/Resource"]
    return [
        _known(statement, template)
        for each in template.values()
        if each["Type"] == "AWS::IAM::Policy" and {"Ref": role} in each["Properties"]["Roles"]
        for statement in each["Properties"]["PolicyDocument"]["Statement"]
    ]


def _known(statement: Statement, resources: Mapping[str, Any]) -> Statement:
    return {
        name: [_arn(as_text(each), resources) for each in as_list(value)]
        if name in ("Resource", "NotResource")
        else value
        for name, value in statement.items()
    }


def _arn(text: str, resources: Mapping[str, Any]) -> str:
    """Return a resource's ARN, with its logical id where its name is not known."""
    text = re.sub(r"<AWS::Partition>|\$\{AWS::Partition\}", "aws", text)
    if found := re.match(r"<(\w+)(\.Arn)?>", text):
        resource = resources[found[1]]
        made = ARNS[resource["Type"]].format(id=found[1], **resource["Properties"])
        text = made + text[found.end() :]
    return re.sub(r"<(\w+)(\.\w+)?>", r"\1", text)
