"""Tests use their own settings and never a deployer's."""

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from stages.settings import Settings
from tests import deployer
from tests.architecture.sources import imports, modules, tree

TWO_ACCOUNTS = {**deployer.OWN, "standbyAccount": deployer.OWN_STANDBY_ACCOUNT}


def edited(folder: Path, values: Mapping[str, object]) -> Path:
    """The project's ``cdk.json`` with context ``values`` over its own."""
    document: dict[str, Any] = json.loads(deployer.CDK_JSON.read_text())
    document["context"] |= values
    copy = folder / deployer.CDK_JSON.name
    copy.write_text(json.dumps(document))
    return copy


@pytest.mark.parametrize("own", [deployer.OWN, TWO_ACCOUNTS], ids=["one account", "two accounts"])
def test_tests_synthesize_the_same_whatever_a_deployer_has_set(
    tmp_path: Path, own: Mapping[str, str]
) -> None:
    of_deployer = deployer.context(edited(tmp_path, own))

    assert json.dumps(of_deployer) == json.dumps(deployer.context())


def test_flags_and_boundary_come_from_the_project(tmp_path: Path) -> None:
    of_project = {
        "@aws-cdk/core:permissionsBoundary": {"name": "another"},
        "@aws-cdk/core:checkSecretUsage": False,
    }

    assert of_project.items() <= deployer.context(edited(tmp_path, of_project)).items()


def deployer_key(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def test_tests_set_every_key_and_the_deployers_values_differ() -> None:
    wanted = {deployer_key(name) for name in Settings.__slots__}
    for name, values in (("SETTINGS", deployer.SETTINGS), ("OWN", deployer.OWN)):
        assert values.keys() == wanted, (
            f"list two values of every key of stages/settings.py for deployer.{name}"
        )
    read, own = (
        Settings.from_context(settings.get) for settings in (deployer.SETTINGS, TWO_ACCOUNTS)
    )

    same = [name for name in Settings.__slots__ if getattr(read, name) == getattr(own, name)]
    # An expiry has to be accepted by a deployer's own rows, which tests/policy/test_expiry.py has.
    excepted = {"raw_files_kept_days", "rejected_rows_kept_days", "bundle_platform"}
    assert {*same} == excepted, "list two different values of the others"


def test_no_test_reads_a_deployers_settings_in_another_way() -> None:
    found = modules("tests/infra", "tests/policy", "tests/architecture", "tests/e2e")

    readers = {str(each) for each in found if deployer.CDK_JSON.name in _words(each)}
    builders = {each for each in found if "pipeline_app" in imports(each)}

    assert readers == set()
    assert builders
    assert all("tests.deployer" in imports(each) for each in builders)


def _words(module: Path) -> set[object]:
    return {node.value for node in ast.walk(tree(module)) if isinstance(node, ast.Constant)}
