"""The execution policies are enough to create, update and delete the app, and none of it is spare.

CloudFormation acts with the bootstrap's role; see ``local.emulator_rights``. Copies of the app's
stacks, under other names, are deployed beside those of the session.
"""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest

import naming
from bootstrap import execution_policies
from local.cloud import Cloud
from local.cloud_state import StateFolder
from local.paths import cloud_python
from naming import BOUNDARY, PRIMARY, REGIONS, STANDBY, stage_assembly
from tests.e2e import copies
from tests.e2e.copies import Copy

Document: TypeAlias = dict[str, Any]
EVALUATION = Path(__file__).with_name("needed_rights.py")


@pytest.fixture(scope="module")
def templates(assembly: Path) -> Mapping[str, Document]:
    """The copies by stack name: one region with the other's access point, and the pipeline."""
    primary, standby = (copies.template(_template(assembly, region)) for region in REGIONS)
    primary["Resources"] |= {
        name: {**resource, "DependsOn": []}
        for name, resource in standby["Resources"].items()
        if resource["Type"].startswith("AWS::S3::MultiRegionAccessPoint")
    }
    primary["Resources"]["Subscription"] = {
        "Type": "AWS::SNS::Subscription",
        "Properties": {"TopicArn": _topic(primary), "Protocol": "email", "Endpoint": "a@b.example"},
    }
    pipeline = {
        file.name.partition(".")[0].replace("-prod", "-copy"): copies.template(file)
        for file in sorted(assembly.glob("*.template.json"))
    }
    return {"serverless-tap-copy": primary, **pipeline}


@pytest.fixture(scope="module")
def documents(cloud: Cloud) -> list[Document]:
    """The execution policies, as they are deployed."""
    iam, name = cloud.client("iam", PRIMARY), copies.execution_role().rpartition("/")[2]
    arns = [
        each["PolicyArn"]
        for each in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    ]
    defaults = {arn: iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] for arn in arns}
    return [
        iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        for arn, version in defaults.items()
    ]


@pytest.fixture(scope="module")
def failures(cloud: Cloud, templates: Mapping[str, Document]) -> list[str]:
    """What CloudFormation could not do with all the policies."""
    found = []
    for name, made in templates.items():
        copy = Copy(cloud, name, copies.execution_role())
        found += [copy.create(made), copy.update(copies.changed(made)), copy.delete()]
    return [each for each in found if each]


def test_everything_can_be_created_updated_and_deleted(failures: list[str]) -> None:
    assert failures == []


def test_every_type_takes_part(assembly: Path, templates: Mapping[str, Document]) -> None:
    standby = json.loads(_template(assembly, STANDBY).read_text())
    types = {
        resource["Type"]
        for made in (standby, *templates.values())
        for resource in made["Resources"].values()
    }

    assert types == execution_policies.load().keys()


@pytest.mark.usefixtures("failures")
def test_every_action_and_resource_is_needed_by_a_request_of_cloudformation(
    cloud: Cloud, documents: list[Document], tmp_path: Path
) -> None:
    policies = tmp_path / "policies.json"
    policies.write_text(json.dumps(documents))
    requests = StateFolder(cloud.state_dir).requests
    command = [*map(str, (cloud_python(), "-P", EVALUATION, policies, requests))]
    needed = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    rights = {
        (statement["Sid"], part)
        for document in documents
        for statement in document["Statement"]
        for part in (*statement["Action"], *statement["Resource"])
    }

    assert rights - {(sid, part) for sid, *parts in needed for part in parts} == set()


@pytest.mark.usefixtures("failures")
def test_without_any_one_statement_a_deployment_fails_and_says_which_right_is_missing(
    cloud: Cloud, documents: list[Document], templates: Mapping[str, Document]
) -> None:
    statements = [each for document in documents for each in document["Statement"]]
    assert len(statements) > 20
    for removed in statements:
        cut = [
            {**each, "Statement": [one for one in each["Statement"] if one != removed]}
            for each in documents
        ]
        with copies.role_with(cloud, cut) as role:
            reason = _first_failure(cloud, templates, role)
        assert "is not authorized to perform: " in reason, (removed["Sid"], reason)
        action = reason.partition("is not authorized to perform: ")[2].split()[0]
        assert action in removed["Action"] or action.endswith("*"), reason


@pytest.mark.usefixtures("failures")
def test_a_role_without_the_boundary_is_refused(
    cloud: Cloud, templates: Mapping[str, Document]
) -> None:
    name = "serverless-pipeline-copy"
    unbound = json.loads(json.dumps(templates[name]))
    for resource in unbound["Resources"].values():
        if resource["Type"] == "AWS::IAM::Role":
            assert BOUNDARY in str(resource["Properties"].pop("PermissionsBoundary"))

    reason = _first_failure(cloud, {name: unbound}, copies.execution_role())

    assert "is not authorized to perform: iam:CreateRole" in reason


def test_what_is_deployed_has_the_tags_of_its_stack(cloud: Cloud) -> None:
    pages = cloud.client("resourcegroupstaggingapi", PRIMARY).get_paginator("get_resources")
    stacks = {"Key": "aws:cloudformation:stack-name", "Values": [naming.stack(PRIMARY)]}

    tagged = {
        mapping["ResourceARN"].split(":")[2]
        for page in pages.paginate(TagFilters=[stacks])
        for mapping in page["ResourceTagMappingList"]
    }

    assert {"dynamodb", "events", "lambda", "s3", "sns", "sqs"} <= tagged


def _template(assembly: Path, region: str) -> Path:
    [found] = (assembly / stage_assembly(region)).glob("*.template.json")
    return found


def _topic(made: Document) -> Mapping[str, str]:
    types = {name: resource["Type"] for name, resource in made["Resources"].items()}
    return {"Ref": next(name for name, type_ in types.items() if type_ == "AWS::SNS::Topic")}


def _first_failure(cloud: Cloud, templates: Mapping[str, Document], role: str) -> str:
    """Create the copies with ``role`` until one fails; leave nothing; return why."""
    for name, made in templates.items():
        reason = Copy(cloud, name, role).create(made)
        Copy(cloud, name, copies.execution_role()).delete()
        if reason:
            return reason
    return ""
