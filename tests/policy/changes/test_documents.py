"""``cdk.json`` and the bootstrap's policies are compared as the templates are."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from policies.changes import documents
from policies.changes.differences import differences
from policies.changes.kinds import findings
from policies.changes.update import update
from policies.register import Waiver
from tests.policy.changes.updates import SPEC
from tests.policy.templates import allow


def written(folder: Path, **policies: Mapping[str, Any]) -> Path:
    """The bootstrap's template in ``folder``, with one statement for each policy."""
    folder.mkdir()
    resources = {
        name: {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "ManagedPolicyName": name,
                "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            },
        }
        for name, statement in policies.items()
    }
    (folder / documents.BOOTSTRAP).write_text(json.dumps({"Resources": resources}))
    return folder


def told(tmp_path: Path, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    was, is_now = (
        documents.bootstrap_policies(written(tmp_path / name, **policies))
        for name, policies in (("before", before), ("after", after))
    )
    return [each.rule for each in findings(update(was, is_now, SPEC))]


READ, WRITE = allow("s3:GetObject", "arn:a"), allow("s3:PutObject", "arn:a")


def test_a_right_that_a_deployment_gets_is_told(tmp_path: Path) -> None:
    before = {"Boundary": READ, "Execution1": READ}
    after = {"Boundary": READ, "Execution1": READ, "Execution2": WRITE}

    assert told(tmp_path, before, after) == ["access-widened[Allow s3:PutObject@arn:a]"]


def test_a_wider_boundary_is_told(tmp_path: Path) -> None:
    before, after = ({"Boundary": each, "Execution1": READ} for each in (READ, WRITE))

    assert told(tmp_path, before, after) == ["access-widened[Allow s3:PutObject@arn:a]"]


def test_which_of_the_execution_policies_has_a_statement_makes_no_difference(
    tmp_path: Path,
) -> None:
    before = {"Execution1": READ, "Execution2": WRITE}
    after = {"Execution1": WRITE, "Execution2": READ}

    assert told(tmp_path, before, after) == []


def test_a_commit_from_before_there_were_such_policies_has_none(tmp_path: Path) -> None:
    documents.write_bootstrap(tmp_path, tmp_path, tmp_path)

    assert [*documents.bootstrap_policies(tmp_path).resources()] == []


def published(folder: Path, stack: Mapping[str, Any], **asset: object) -> Path:
    """An assembly with one stack and one asset."""
    stage = folder / "assembly-primary"
    stage.mkdir(parents=True)
    artifacts = {
        "tap": {"type": "aws:cloudformation:stack", "properties": stack},
        "tap.assets": {"type": "cdk:asset-manifest", "properties": {"file": "tap.assets.json"}},
    }
    ours = {
        "source": {"path": "asset.1", "packaging": "zip"},
        "destinations": {"1": {"bucketName": "ours", "objectKey": "1.zip"}},
    }
    of_stage = {"directoryName": stage.name, "displayName": "pipeline/primary"}
    nested = {"primary": {"type": "cdk:cloud-assembly", "properties": of_stage}}
    (folder / "manifest.json").write_text(json.dumps({"artifacts": nested}))
    (stage / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    (stage / "tap.assets.json").write_text(json.dumps({"files": {"1": {**ours, **asset}}}))
    return folder


@pytest.mark.parametrize(
    ("stack", "asset", "where"),
    [
        ({}, {}, []),
        ({"templateFile": "b.json"}, {"source": {"path": "asset.2", "packaging": "zip"}}, []),
        ({}, {"destinations": {"1": {"bucketName": "ours", "objectKey": "2.zip"}}}, []),
        ({"assumeRoleArn": "theirs"}, {}, ["tap.assumeRoleArn"]),
        ({"tags": {"a": "b"}}, {}, ["tap.tags"]),
        ({}, {"destinations": {"1": {"bucketName": "theirs"}}}, ["tap.assets."] * 2),
        ({}, {"source": {"executable": ["./theirs"], "packaging": "zip"}}, ["tap.assets."] * 2),
    ],
)
def test_who_deploys_and_where_assets_go_is_compared_and_their_content_is_not(
    tmp_path: Path, stack: Mapping[str, Any], asset: Mapping[str, Any], where: list[str]
) -> None:
    usual = {"templateFile": "a.json", "assumeRoleArn": "ours"}
    before, after = (
        documents.publishing(folder)
        for folder in (
            published(tmp_path / "before", usual),
            published(tmp_path / "after", {**usual, **stack}, **asset),
        )
    )

    found = findings(update(before, after, SPEC))

    assert [
        each.rule.removeprefix("other-deployer[").partition(" ")[0].partition("{")[0]
        for each in found
    ] == where


def test_an_asset_is_told_with_the_construct_and_the_folder_that_it_is_from(tmp_path: Path) -> None:
    theirs = {"displayName": "Function/Code", "destinations": {"1": {"bucketName": "theirs"}}}
    before, after = (
        documents.publishing(published(tmp_path / name, {}, **more))
        for name, more in (("before", {}), ("after", theirs))
    )

    sources = [each.source for each in findings(update(before, after, SPEC))]

    assert "tap.assets.json: Function/Code, from asset.1" in sources


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, []),
        ({"kind": "moved"}, []),
        ({"path": "b"}, []),
        ({"finding": "tree-a", "path": "b/"}, []),
        (
            {"finding": "tree-a", "path": "a/"},
            ["policies/accepted/kind.toml.tree-a.path a/b -> a/"],
        ),
        ({"stages": ("one",)}, ["policies/accepted/kind.toml.A-1.stages () -> ('one',)"]),
        ({"review_by": None}, []),
        ({"owner": "b"}, ["policies/accepted/kind.toml.rows of kind.owner a -> b"]),
        (
            {"kind": "moved", "review_by": date(2028, 1, 1)},
            ["policies/accepted/moved.toml.rows of kind.review_by 2027-01-01 -> 2028-01-01"],
        ),
    ],
)
def test_only_who_decided_what_until_when_is_compared_of_rows_that_stay(
    row: dict[str, Any], said: list[str]
) -> None:
    old = Waiver(
        kind="kind",
        finding=row.get("finding", "A-1"),
        path="a/b",
        reason="r",
        owner="a",
        review_by=date(2027, 1, 1),
    )
    pair = documents.decisions([old], [replace(old, **row)])

    assert [str(each) for each in differences(update(*pair, SPEC))] == said
    assert differences(update(*documents.decisions([old], []), SPEC)) == []
