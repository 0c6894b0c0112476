"""The permissions are compared with the schemas of the resource types, as pinned with cfn-lint."""

import json
import subprocess
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from bootstrap import execution_policies, handlers
from bootstrap.execution_policies import Rights

ROOT = Path(__file__).resolve().parents[3]
PYTHON = ROOT / ".scan-venv" / "bin" / "python"
TYPES = sorted(execution_policies.load())


def all_calls(type_: str) -> frozenset[str]:
    operations = ("create", "update", "delete")
    return frozenset().union(*(handlers.calls(type_, each) for each in operations))


def test_what_is_read_is_what_the_schemas_of_both_regions_list_today() -> None:
    """If not: ``.scan-venv/bin/python -m bootstrap.handlers``, then the permissions."""
    command = [str(PYTHON), "-c", "from bootstrap import handlers; print(handlers.text(), end='')"]
    reported = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert (ROOT / "bootstrap" / "handlers.json").read_text() == reported.stdout


@pytest.mark.parametrize("type_", TYPES)
def test_each_type_has_what_its_schema_asks_for_on_its_own_resources(type_: str) -> None:
    """As a right on alarms is none on dashboards: without it CloudFormation may not tag them."""
    rows = execution_policies.load()
    service = f"{type_.split('::')[1].lower()}:"
    of_others = (action for action in _elsewhere() if not action.startswith(service))
    given = [*_given_on(type_, rows), *of_others]

    assert sorted(each for each in all_calls(type_) if not _is_in(given, each)) == []


@pytest.mark.parametrize("type_", TYPES)
def test_no_type_has_what_its_schema_does_not_ask_for(type_: str) -> None:
    row = execution_policies.load()[type_]
    asked = all_calls(type_)

    assert [
        action
        for action in (*row.actions, *row.also, *row.anywhere, *row.across_accounts)
        if not any(fnmatchcase(one, action) or one == action for one in asked)
    ] == []


def test_a_type_that_is_tagged_by_cloudformation_has_the_rights_of_tagging() -> None:
    listed = json.loads((ROOT / "bootstrap" / "handlers.json").read_text())
    tagged = {type_: set(row["tags"]) for type_, row in listed.items() if row.get("tags")}

    assert "cloudwatch:TagResource" in tagged["AWS::CloudWatch::Dashboard"]
    for type_, tags in tagged.items():
        unset = {action for action in tags if handlers.is_unset(type_, action)}
        assert tags - unset <= handlers.calls(type_, "create") & handlers.calls(type_, "update")
        assert unset <= {"s3:DeleteBucketTagging"}


@pytest.mark.parametrize(
    "row", tomllib.loads((handlers.FOLDER / "unset.toml").read_text())["unset"]
)
def test_what_is_said_to_be_unset_is_what_a_schema_asks_for(row: Mapping[str, Any]) -> None:
    listed = json.loads((ROOT / "bootstrap" / "handlers.json").read_text())
    asked = {
        type_: {action for actions in listed[type_].values() for action in actions}
        for type_ in row["types"]
    }
    everywhere = set().union(*asked.values())

    assert [each for each in row["actions"] if not _matches(each, everywhere)] == []
    assert [
        type_
        for type_, actions in asked.items()
        if not any(_matches(each, actions) for each in row["actions"])
    ] == []


def _given_on(type_: str, rows: Mapping[str, Rights]) -> Iterator[str]:
    """Yield the actions given on all resources of a type, by it or by what is always there."""
    for other, row in rows.items():
        if row.optional and other != type_:
            continue
        yield from row.anywhere
        if {*rows[type_].resources} <= {*row.resources}:
            yield from (*row.actions, *row.also, *row.across_accounts)


def _elsewhere() -> list[str]:
    """Return what is called on other things: roles that are passed, assets, DynamoDB's key."""
    required = {type_: row for type_, row in execution_policies.load().items() if not row.optional}
    named = (required["AWS::IAM::Role"].also, required["AWS::KMS::Key"].actions)
    return [*chain(*named)] + [
        action
        for document in execution_policies.execution(
            execution_policies.needed(required, across_accounts=True), "111111111111"
        )
        for statement in document["Statement"]
        if statement["Sid"] in {"AWSIAMRolePassed", "Assets", "Replication", "TableKey"}
        for action in statement["Action"]
    ]


def _matches(pattern: str, actions: set[str]) -> bool:
    return any(fnmatchcase(one, pattern) for one in actions)


def _is_in(patterns: Sequence[str], action: str) -> bool:
    return any(fnmatchcase(action, pattern) for pattern in patterns)
