"""A physical name and a region are spelled in ``naming.py``; everything else asks it."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import naming
from tests import deployer
from tests.architecture.sources import PRODUCT, ROOT, modules, tree

NAMING = Path("naming.py")
# Attacks write what a contributor would.
PLACES = tuple(place for place in PRODUCT if place not in {str(NAMING), "attacks"})
# Not looked at: registers (*.toml) and documents quote names as a report or the console shows them.
# cdk.json sets what is needed before any Python runs, see below, and placeholders.
COMMANDS = [ROOT / "Makefile", *ROOT.glob(".github/workflows/*"), *ROOT.glob(".github/scripts/*")]
# A workflow signs in to AWS before it has the code.
QUOTED = {"weekly.yml": {naming.PRIMARY}}
PART_OF_A_NAME = re.compile(
    rf"{naming.PREFIX}|{naming.SUFFIX}\b|{'|'.join(naming.REGIONS)}|{naming.BOOTSTRAP_QUALIFIER}"
)
NAMES = {value for key, value in vars(naming).items() if key.isupper() and isinstance(value, str)}
# These are words of everyday, too.
NAMES -= {naming.APPROVAL_STAGE, naming.TAKEOVER_ALIAS}


def docstrings(parsed: ast.Module) -> set[int]:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(parsed)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }


def spelled(module: Path) -> Iterator[str]:
    """Texts in the module's code that are a name, or hold what only a name or a region has."""
    parsed = tree(module)
    promises = docstrings(parsed)
    for node in ast.walk(parsed):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            again = node.value in NAMES or PART_OF_A_NAME.search(node.value)
            if again and id(node) not in promises:
                yield f"{module}:{node.lineno} {node.value!r}"


@pytest.mark.parametrize("place", PLACES)
def test_a_name_or_a_region_is_spelled_once(place: str) -> None:
    again = [text for module in modules(place) for text in spelled(module)]

    assert again == []


def test_a_second_spelling_is_seen() -> None:
    assert len(list(spelled(NAMING))) > len(NAMES)


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.name)
def test_no_command_outside_of_python_spells_one_either(path: Path) -> None:
    lines = [line.split("#")[0] for line in path.read_text().splitlines()]  # help is a comment
    quoted = {found for line in lines for found in PART_OF_A_NAME.findall(line)}

    assert quoted == QUOTED.get(path.name, set())


def test_the_app_bounds_its_roles_with_the_policy_that_the_bootstrap_makes() -> None:
    boundary = deployer.context()["@aws-cdk/core:permissionsBoundary"]

    assert boundary == {"name": naming.BOUNDARY}


def test_the_cdk_command_line_bootstraps_under_our_own_names_only() -> None:
    project = json.loads(deployer.CDK_JSON.read_text())

    qualifier = project["context"]["@aws-cdk/core:bootstrapQualifier"]
    of_others = {"hnb659fds", "CDKToolkit"}
    assert (qualifier, project["toolkitStackName"]) == (
        naming.BOOTSTRAP_QUALIFIER,
        naming.TOOLKIT_STACK,
    )
    assert not {qualifier, project["toolkitStackName"]} & of_others
