"""The policy document that a deployer gives to whoever runs the preflight."""

import ast
import json
from pathlib import Path

import naming

PREFLIGHT = Path(__file__).resolve().parents[4] / "ops" / "preflight"
# Of these the action is named otherwise than the call.
NAMES = {"listbuckets": "listallmybuckets", "listobjectversions": "listbucketversions"}
# Anybody may ask who they are.
FREE = {"getcalleridentity"}


def calls() -> set[str]:
    """Every operation that is spelled in the sources, as the first lower-case word of a call."""
    reads = ("get_", "list_", "describe_", "batch_get_")
    return {
        NAMES.get(plain := node.value.replace("_", ""), plain)
        for module in PREFLIGHT.glob("*.py")
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith(reads)
    } - FREE


def test_the_policy_allows_what_is_called_and_nothing_else() -> None:
    document = json.loads((PREFLIGHT / "rights.json").read_text())

    actions = {each for statement in document["Statement"] for each in statement["Action"]}
    assert {each.partition(":")[2].lower() for each in actions} == calls()


def test_the_policy_is_about_the_products_names() -> None:
    text = (PREFLIGHT / "rights.json").read_text()

    assert f":{naming.PREFIX}*" in text
    assert f"/cdk-{naming.BOOTSTRAP_QUALIFIER}-*" in text
