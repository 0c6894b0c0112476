"""What decides about a deployment beside the templates: ``cdk.json`` and the bootstrap's policies.

Each is compared like a stack's template, before and after.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import naming
from policies.changes.repository import BaseError
from policies.templates.template import StackTemplate

CDK_JSON = "cdk.json"
BOOTSTRAP = "bootstrap.template.json"
EXECUTION = "Execution"

Pair: TypeAlias = tuple[StackTemplate, StackTemplate]


def app_settings(text: str) -> StackTemplate:
    """Return the text of a ``cdk.json``, of which every value is compared."""
    return document(CDK_JSON, json.loads(text or "{}"))


def bootstrap_policies(folder: Path) -> StackTemplate:
    """Return the policies written to ``folder`` by ``write_bootstrap``; none of an older commit.

    How the execution policies are divided is a matter of their length, so they are one policy.
    """
    file = folder / BOOTSTRAP
    resources = json.loads(file.read_text())["Resources"] if file.exists() else {}
    execution = [body for id_, body in resources.items() if id_.startswith(EXECUTION)]
    rest = {id_: body for id_, body in resources.items() if not id_.startswith(EXECUTION)}
    return document(naming.BOOTSTRAP_STACK, {"Resources": {**rest, **_joined(execution)}})


def write_bootstrap(root: Path, assembly: Path, folder: Path, python: str = sys.executable) -> None:
    """Write the policies that the sources in ``root`` make for ``assembly`` to ``folder``.

    A commit from before there were any writes nothing.

    Raises:
        BaseError: they can't be made; the message says why.

    """
    if not (root / "bootstrap").exists():
        return
    command = [python, "-m", "bootstrap", "--assembly", str(assembly), "--out", str(folder)]
    made = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603  # fixed arguments
    if made.returncode:
        raise BaseError(f"the bootstrap's policies of {root} can't be made:\n{made.stderr}")


def document(name: str, template: Mapping[str, Any]) -> StackTemplate:
    """Return what is compared like a stack's template, under a name of its own."""
    return StackTemplate(
        path=name,
        stage_path="",
        name=name,
        region="",
        account="",
        template={"Resources": {}, **template},
        termination_protected=False,
    )


def _joined(policies: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    if not policies:
        return {}
    documents = [policy["Properties"]["PolicyDocument"] for policy in policies]
    statements = [statement for each in documents for statement in each["Statement"]]
    properties = {"PolicyDocument": {**documents[0], "Statement": statements}}
    return {EXECUTION: {**policies[0], "Properties": properties}}
