"""The permissions are compared with the schemas of the resource types, as pinned with cfn-lint."""

import json
import subprocess
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from bootstrap import execution_policies, type_rights

ROOT = Path(__file__).resolve().parents[3]
PYTHON = ROOT / ".scan-venv" / "bin" / "python"
UNSET = ROOT / "bootstrap" / "unset.toml"


@pytest.fixture(scope="module")
def called() -> Mapping[str, Sequence[str]]:
    ours = [type_ for type_ in type_rights.load() if type_.startswith("AWS::")]
    command = [str(PYTHON), "-m", "bootstrap.schemas", *ours]
    reported = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: Mapping[str, Sequence[str]] = json.loads(reported.stdout)
    return found


@pytest.fixture(scope="module")
def unset() -> list[str]:
    rows = tomllib.loads(UNSET.read_text())["unset"]
    return [pattern for row in rows for pattern in row["actions"]]


def test_every_action_that_a_schema_asks_for_is_given_or_has_a_reason_why_not(
    called: Mapping[str, Sequence[str]], unset: list[str]
) -> None:
    given = [
        action
        for document in execution_policies.execution(type_rights.load(), "111111111111")
        for statement in document["Statement"]
        for action in statement["Action"]
    ]
    wanted = {action for actions in called.values() for action in actions}

    assert {each for each in wanted if not _is_in([*given, *unset], each)} == set()


def test_each_type_has_what_its_schema_asks_for_on_its_own_resources(
    called: Mapping[str, Sequence[str]], unset: list[str]
) -> None:
    """As a right on alarms is none on dashboards: without it CloudFormation may not tag them."""
    rows = type_rights.load()
    lacking = {
        type_: action
        for type_, actions in called.items()
        for action in actions
        if _service(action) in map(_service, rows[type_].actions)
        and not _is_in([*_given_on(rows[type_].resources, rows), *unset], action)
    }

    assert lacking == {}


def test_what_is_said_to_be_unset_is_what_a_schema_asks_for(
    called: Mapping[str, Sequence[str]], unset: list[str]
) -> None:
    wanted = {action for actions in called.values() for action in actions}

    assert [each for each in unset if not any(fnmatchcase(one, each) for one in wanted)] == []


def _given_on(
    resources: Sequence[str], rows: Mapping[str, type_rights.TypeRights]
) -> Iterator[str]:
    """Yield the actions that some type's rows give on all of these resources."""
    for row in rows.values():
        yield from row.anywhere
        if {*resources} <= {*row.resources}:
            yield from (*row.actions, *row.also, *row.across_accounts)


def _service(action: str) -> str:
    return action.partition(":")[0]


def _is_in(patterns: Sequence[str], action: str) -> bool:
    return any(fnmatchcase(action, pattern) for pattern in patterns)
