"""What ``ops preflight`` says of an account before, during and after its bootstrap."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

import naming
from local.aws_isolation import without_aws
from local.cloud import Cloud
from local.paths import REPOSITORY
from ops.preflight import plan as planning
from ops.preflight.leftovers import KINDS
from ops.preflight.plan import BUCKET, KEY, NAMES, TABLE, Named, Plan
from policies.templates import assembly as assemblies
from tests.e2e import aws_words, remains
from tests.e2e.waiting import wait_for

# The emulator has neither CodePipeline nor connections nor Service Quotas.
NO_API = {"connection", "CodeBuild", "EventBridge", "leftovers"}
RIGHTS = REPOSITORY / "ops" / "preflight" / "rights.json"
Lines: TypeAlias = list[Mapping[str, str]]
Look: TypeAlias = Callable[..., Lines]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """An account in which nobody has done anything yet."""
    cloud = Cloud.launch(tmp_path_factory.mktemp("empty") / "cloud")
    yield cloud
    cloud.stop()


@pytest.fixture(scope="module")
def plan(assembly: Path) -> Plan:
    return planning.of(assemblies.read(assembly).stacks)


@pytest.fixture(scope="module")
def look(empty: Cloud, assembly: Path) -> Look:
    """Ask as somebody with no rights but those of the document for this purpose."""
    environ = {**without_aws(os.environ), **empty.variables(), **credentials_of_reader(empty)}
    command = [sys.executable, "-m", "ops", "preflight", "--assembly", str(assembly), "--json"]

    def answered() -> tuple[int, Lines] | None:
        """Ask once; an emulator that has just begun loads its services, and is late with some."""
        process = subprocess.run(
            command, cwd=REPOSITORY, env=environ, capture_output=True, text=True, check=False
        )
        lines: Lines = json.loads(process.stdout)["lines"]
        is_late = any("does not answer" in line["says"] for line in lines)
        return None if is_late else (process.returncode, lines)

    def ask(*, exits: int) -> Lines:
        found = wait_for(answered, "an answer to every question", limit_s=180)
        assert found
        code, lines = found
        assert code == exits, lines
        assert [line["says"] for line in lines if "denied" in line["says"]] == []
        return lines

    return ask


def credentials_of_reader(cloud: Cloud) -> dict[str, str]:
    iam = cloud.client("iam", naming.PRIMARY)
    iam.create_user(UserName="deployer")
    iam.put_user_policy(
        UserName="deployer", PolicyName="preflight", PolicyDocument=RIGHTS.read_text()
    )
    key = iam.create_access_key(UserName="deployer")["AccessKey"]
    return {
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
    }


def wrong(lines: Lines) -> Lines:
    return [line for line in lines if line["state"] == "attention"]


def to_remove(lines: Lines) -> Lines:
    return [line for line in wrong(lines) if line["about"] in ("stack", "leftovers")]


def only_missing_apis_are_unknown(lines: Lines) -> bool:
    return {line["about"] for line in lines if line["state"] == "unknown"} <= NO_API


def run(cloud: Cloud, lines: Lines, folder: Path) -> None:
    """Run the commands of the lines from the first to the last, as somebody copies them."""
    for line in lines:
        for command in line["next"].splitlines():
            if command.startswith("aws "):
                aws_words.run(command, cloud.client)
            elif not command.startswith("#"):
                _run_in_shell(cloud, command, folder)


def _run_in_shell(cloud: Cloud, command: str, folder: Path) -> None:
    aws = folder / "aws"
    aws.write_text(f'#!/bin/sh\nexec {sys.executable} -m tests.e2e.aws_words "$@"\n')
    aws.chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    environ = {**without_aws(os.environ), **cloud.variables(), "PATH": path}
    subprocess.run(["bash", "-c", command], cwd=REPOSITORY, env=environ, check=True, timeout=60)


def one_of_each(plan: Plan) -> list[Named]:
    first: dict[str, Named] = {}
    for thing in plan.named:
        is_replica = thing.type == TABLE and thing.site.region != naming.PRIMARY
        if thing.type in remains.MAKERS and not is_replica:
            first.setdefault(thing.type, thing)
    return list(first.values())


def test_an_account_without_a_bootstrap_is_told_how_to_make_it(plan: Plan, look: Look) -> None:
    lines = look(exits=1)

    found = wrong(lines)
    assert {line["about"] for line in found} == {"policies", "bootstrap"}
    assert len(found) == len(plan.policies) + len(naming.REGIONS)
    assert only_missing_apis_are_unknown(lines)


def test_whatever_an_earlier_try_has_left_is_found_and_its_commands_remove_it(
    empty: Cloud, plan: Plan, look: Look, tmp_path: Path
) -> None:
    before = to_remove(look(exits=1))
    left = one_of_each(plan)
    for thing in left:
        remains.make(empty, thing)
    text = plan.key_texts[plan.sites[1]][0]
    empty.client("kms", naming.STANDBY).create_key(Description=text)
    _prepare_a_stack(empty, naming.PIPELINE)

    found = to_remove(look(exits=1))
    run(empty, found, tmp_path)

    said = " ".join(line["says"] for line in found)
    assert [thing.name for thing in left if thing.name not in said] == []
    assert f'"{text}"' in said
    assert f"{naming.PIPELINE}: REVIEW_IN_PROGRESS" in said
    assert before == to_remove(look(exits=1)) == []


def test_every_type_that_a_template_names_is_looked_for(plan: Plan) -> None:
    assert {thing.type for thing in plan.named} <= set(KINDS)
    assert set(KINDS) - set(remains.MAKERS) == {"AWS::CodePipeline::Pipeline"}


def test_whatever_outlives_its_stack_is_looked_for(plan: Plan) -> None:
    retained = {
        resource.type
        for stack in plan.stacks
        for resource in stack.resources()
        if str(resource.body.get("DeletionPolicy", "")).startswith("Retain")
    }

    assert BUCKET in retained
    assert retained <= {*NAMES, KEY}


def test_a_bootstrapped_account_is_ready_as_far_as_it_can_be_asked(
    empty: Cloud, assembly: Path, look: Look
) -> None:
    empty.bootstrap(assembly)

    lines = look(exits=2)

    assert wrong(lines) == []
    assert only_missing_apis_are_unknown(lines)


def test_a_bootstrap_with_other_rights_is_found(empty: Cloud, plan: Plan, look: Look) -> None:
    iam = empty.client("iam", naming.PRIMARY)
    site = plan.sites[0]
    role = f"cdk-{naming.BOOTSTRAP_QUALIFIER}-cfn-exec-role-{site.account}-{site.region}"
    administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
    iam.attach_role_policy(RoleName=role, PolicyArn=administrator)
    iam.put_role_policy(
        RoleName=role, PolicyName="more", PolicyDocument=json.dumps(remains.NOTHING)
    )
    iam.create_policy_version(
        PolicyArn=f"arn:aws:iam::{site.account}:policy/{naming.BOUNDARY}",
        PolicyDocument=json.dumps(remains.NOTHING),
        SetAsDefault=True,
    )

    found = {line["says"]: line["next"] for line in wrong(look(exits=1))}

    assert set(found) == {
        "CloudFormation has AdministratorAccess",
        "CloudFormation's role has a policy of its own, more",
        f"{naming.BOUNDARY} is not this commit's",
    }
    assert "cdk bootstrap aws://" in found["CloudFormation has AdministratorAccess"]


def _prepare_a_stack(cloud: Cloud, name: str) -> None:
    """Make a change set for a stack that does not exist, and never execute it."""
    cloud.client("cloudformation", naming.PRIMARY).create_change_set(
        StackName=name,
        ChangeSetName="first",
        ChangeSetType="CREATE",
        TemplateBody='{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}',
    )
