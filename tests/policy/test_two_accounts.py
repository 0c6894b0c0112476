"""The standby in an account of its own: every gate is green, and each account lets the other in."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bootstrap import boundary
from bootstrap.__main__ import template
from policies.templates import assembly
from policies.templates.global_table import global_tables
from policies.templates.statements import of
from policies.templates.template import Resource, StackTemplate, as_text
from tests import deployer
from tests.policy.conftest import Synthesize

PRIMARY, STANDBY = deployer.OWN_ACCOUNT, deployer.OWN_STANDBY_ACCOUNT
TABLE = "table/serverless-processed-data-prod"
REPLICATION = {"Service": "replication.dynamodb.amazonaws.com"}
STANDBY_DEPLOYS = f"role/cdk-fileingest-deploy-role-{STANDBY}-us-west-2"


@pytest.fixture(scope="module")
def folder(synthesize: Synthesize) -> Path:
    """All of a deployer's own, through every gate, which raises when one is red."""
    return synthesize(**{**deployer.OWN, "standbyAccount": STANDBY})


@pytest.fixture(scope="module")
def stacks(folder: Path) -> Sequence[StackTemplate]:
    return assembly.read(folder).stacks


@pytest.fixture(scope="module")
def regional(stacks: Sequence[StackTemplate]) -> Mapping[str, StackTemplate]:
    return {stack.account: stack for stack in stacks if stack.stage_path}


def test_each_region_is_deployed_to_its_own_account(
    stacks: Sequence[StackTemplate], regional: Mapping[str, StackTemplate]
) -> None:
    assert {account: stack.region for account, stack in regional.items()} == {
        PRIMARY: "us-east-1",
        STANDBY: "us-west-2",
    }
    assert {stack.account for stack in stacks if not stack.stage_path} == {PRIMARY}


def test_the_two_accounts_tables_are_one_global_table(stacks: Sequence[StackTemplate]) -> None:
    [table] = global_tables(stacks)

    assert table.regions == {"us-east-1", "us-west-2"}
    assert [part.stack.account for part in table.parts] == [PRIMARY, STANDBY]


def test_each_table_lets_replication_in_between_the_two_accounts_only(
    stacks: Sequence[StackTemplate],
) -> None:
    [table] = global_tables(stacks)

    for part in table.parts:
        [let_in] = [each.body for each in of(part) if each.body["Principal"] == REPLICATION]
        assert set(let_in["Action"]) == {
            "dynamodb:ReadDataForReplication",
            "dynamodb:ReplicateSettings",
            "dynamodb:WriteDataForReplication",
        }
        sources = let_in["Condition"]["StringEquals"]["aws:SourceAccount"]
        assert set(sources) == {PRIMARY, STANDBY}


def test_only_the_standbys_account_may_join_the_primarys_table(
    stacks: Sequence[StackTemplate],
) -> None:
    [table] = global_tables(stacks)

    joining = [
        (part.stack.account, as_text(each.body["Principal"]["AWS"]))
        for part in table.parts
        for each in of(part)
        if "dynamodb:AssociateTableReplica" in each.actions
    ]

    assert joining == [(PRIMARY, f"arn:aws:iam::{STANDBY}:root")]


def test_each_tables_key_is_used_through_the_table_and_by_replication_only(
    stacks: Sequence[StackTemplate],
) -> None:
    [table] = global_tables(stacks)

    for part in table.parts:
        [replica] = part.properties["Replicas"]
        key = _referred(part, replica["SSESpecification"]["KMSMasterKeyId"])
        root, callers, replication = (each.body for each in of(key))
        own = part.stack.account
        assert as_text(root["Principal"]["AWS"]).endswith(f":{own}:root")
        assert callers["Condition"]["StringEquals"] == {
            "kms:CallerAccount": own,
            "kms:ViaService": f"dynamodb.{part.stack.region}.amazonaws.com",
        }
        assert replication["Principal"] == REPLICATION
        assert set(replication["Condition"]["StringEquals"]["aws:SourceAccount"]) == {
            PRIMARY,
            STANDBY,
        }


def test_the_standbys_consumer_reads_the_stream_of_its_accounts_own_table(
    regional: Mapping[str, StackTemplate],
) -> None:
    [table] = global_tables(list(regional.values()))
    mappings = regional[STANDBY].resources("AWS::Lambda::EventSourceMapping")

    [_, own] = table.parts
    stream = {"Fn::GetAtt": [own.logical_id, "StreamArn"]}
    assert [mapping.properties["EventSourceArn"] for mapping in mappings] == [stream, stream]


def test_each_bucket_lets_both_accounts_put_files_through_the_access_point_and_not_past_it(
    regional: Mapping[str, StackTemplate],
) -> None:
    roots = [f"arn:aws:iam::{account}:root" for account in (PRIMARY, STANDBY)]
    for stack in regional.values():
        [bucket] = [each for each in stack.resources("AWS::S3::Bucket") if _is_ingestion(each)]
        admitted = [
            each
            for policy in stack.resources("AWS::S3::BucketPolicy")
            for each in of(policy)
            if each.allows and policy.properties["Bucket"] == {"Ref": bucket.logical_id}
        ]

        [statement] = admitted
        assert statement.actions == ["s3:AbortMultipartUpload", "s3:PutObject"]
        assert sorted(statement.body["Principal"]["AWS"]) == sorted(roots)
        assert statement.body["Condition"] == {
            "StringEquals": {"s3:DataAccessPointAccount": STANDBY}
        }


def test_an_operators_canary_may_land_in_either_bucket_while_the_routes_change(
    regional: Mapping[str, StackTemplate],
) -> None:
    """S3 sends some files where the routes were for two minutes: refused, they stop a failover."""
    for stack in regional.values():
        puts = {
            resource.partition("-ingestion")[2]
            for statement in _statements(stack)
            if "s3:PutObject" in statement.actions
            and "PeopleOperator" in statement.owner.logical_id
            for resource in statement.resources
        }

        assert puts >= {"-prod-acme/canary/*", "-dr-prod-acme/canary/*"}


def test_the_access_point_is_the_standbys_and_names_the_owner_of_each_bucket(
    regional: Mapping[str, StackTemplate],
) -> None:
    [access_point] = regional[STANDBY].resources("AWS::S3::MultiRegionAccessPoint")

    owners = [each["BucketAccountId"] for each in access_point.properties["Regions"]]

    assert owners == [PRIMARY, STANDBY]


def test_the_pipelines_artifacts_are_readable_by_what_deploys_the_standby(
    stacks: Sequence[StackTemplate],
) -> None:
    [store] = [stack for stack in stacks if "artifacts" in stack.name]

    opened = {
        statement.owner.type
        for statement in _statements(store)
        if statement.allows and STANDBY_DEPLOYS in json.dumps(statement.body["Principal"])
    }

    assert opened == {"AWS::KMS::Key", "AWS::S3::BucketPolicy"}


def test_every_action_on_the_standby_is_taken_by_a_role_of_its_account(
    stacks: Sequence[StackTemplate],
) -> None:
    [pipeline] = _all(stacks, "AWS::CodePipeline::Pipeline")
    [stage] = [each for each in pipeline.properties["Stages"] if each["Name"] == "standby"]
    roles = {
        action["Name"].rpartition(".")[2]: as_text(action["RoleArn"])
        for action in stage["Actions"]
        if action["ActionTypeId"]["Category"] == "Deploy"
    }

    assert roles.keys() == {"Prepare", "Deploy"}
    assert all(f":{STANDBY}:{STANDBY_DEPLOYS}" in role for role in roles.values())


def test_the_primary_is_proved_before_there_is_a_standby_and_the_standby_with_the_primary(
    stacks: Sequence[StackTemplate],
) -> None:
    reported = {
        each["Value"]: dict(_variables(project))
        for project in _all(stacks, "AWS::CodeBuild::Project")
        for each in project.properties["Environment"].get("EnvironmentVariables", [])
        if each["Name"] == "REGION"
    }
    primary = f"arn:aws:iam::{PRIMARY}:role/serverless-verification-us-east-1-prod"

    assert reported["us-east-1"]["ROLE"] == primary
    assert "PEER_REGION" not in reported["us-east-1"]
    assert reported["us-west-2"]["PEER_REGION"] == "us-east-1"
    assert reported["us-west-2"]["PEER_ROLE"] == primary


def test_the_primarys_verification_role_trusts_both_builds_and_the_standbys_its_own(
    regional: Mapping[str, StackTemplate],
) -> None:
    trusted = {
        account: _trusted(stack, f"serverless-verification-{stack.region}-prod")
        for account, stack in regional.items()
    }

    east, west = (
        f"arn:aws:iam::{PRIMARY}:role/serverless-verifier-{region}-prod"
        for region in ("us-east-1", "us-west-2")
    )
    assert trusted == {PRIMARY: {east, west}, STANDBY: {west}}


def test_a_verification_role_reads_the_table_of_its_own_account_only(
    regional: Mapping[str, StackTemplate],
) -> None:
    for account, stack in regional.items():
        read = {
            resource
            for statement in _statements(stack)
            if "dynamodb:GetItem" in statement.actions and "Verification" in statement.owner.local
            for resource in statement.resources
        }
        assert read == {f"arn:aws:dynamodb:{stack.region}:{account}:{TABLE}"}


def test_what_an_account_is_bootstrapped_with_lets_cloudformation_join_the_tables(
    stacks: Sequence[StackTemplate], green: Path
) -> None:
    def allowed(of: Sequence[StackTemplate], sid: str) -> set[str]:
        made = template(of)["Resources"].values()
        documents = [each["Properties"]["PolicyDocument"] for each in made]
        return {
            action
            for document in documents
            for statement in document["Statement"]
            if statement["Sid"] == sid
            for action in statement["Action"]
        }

    single = assembly.read(green).stacks
    joining = {"AssociateTableReplica", "DeleteResourcePolicy", "PutResourcePolicy"}
    across = "AWSDynamoDBGlobalTableAcross"
    assert allowed(stacks, across) == {f"dynamodb:{each}" for each in joining}
    assert allowed(single, across) == set()
    assert allowed(stacks, "TableKey") - allowed(single, "TableKey") == {"kms:DescribeKey"}


def test_the_boundary_lets_the_builds_assume_the_other_accounts_roles(
    stacks: Sequence[StackTemplate],
) -> None:
    document = boundary.document(stacks, PRIMARY)
    [assumed] = [each for each in document["Statement"] if each["Sid"] == "Assumed"]
    wanted = {
        role
        for statement in _statements(*stacks)
        if statement.actions == ["sts:AssumeRole"] and statement.owner.type == "AWS::IAM::Policy"
        for role in statement.resources
        if f"::{STANDBY}:role/cdk-" in role
    }

    purposes = {role.split("cdk-fileingest-")[1].split("-role-")[0] for role in wanted}
    assert purposes >= {"deploy", "lookup"}
    for purpose in purposes:
        assert f"arn:aws:iam::*:role/cdk-fileingest-{purpose}-role-*" in assumed["Resource"]


def _is_ingestion(bucket: Resource) -> bool:
    return "data-ingestion" in as_text(bucket.properties["BucketName"])


def _all(stacks: Sequence[StackTemplate], type_: str) -> list[Resource]:
    return [resource for stack in stacks for resource in stack.resources(type_)]


def _statements(*stacks: StackTemplate) -> Iterator[Any]:
    for stack in stacks:
        for resource in stack.resources():
            yield from of(resource)


def _variables(project: Resource) -> Iterator[tuple[str, str]]:
    for each in project.properties["Environment"]["EnvironmentVariables"]:
        yield each["Name"], as_text(each["Value"])


def _referred(resource: Resource, reference: Mapping[str, Any]) -> Resource:
    [logical_id, _] = reference["Fn::GetAtt"]
    [found] = [each for each in resource.stack.resources() if each.logical_id == logical_id]
    return found


def _trusted(stack: StackTemplate, role_name: str) -> set[str]:
    [role] = [
        each
        for each in stack.resources("AWS::IAM::Role")
        if each.properties.get("RoleName") == role_name
    ]
    [statement] = role.properties["AssumeRolePolicyDocument"]["Statement"]
    named = statement["Condition"]["ArnEquals"]["aws:PrincipalArn"]
    return set(named) if isinstance(named, list) else {named}
