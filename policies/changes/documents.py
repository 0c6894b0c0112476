"""What decides about a deployment beside the templates: settings, the bootstrap, publishing.

Each is compared like a stack's template, before and after.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import naming
from policies.app import CDK_JSON
from policies.changes import texts
from policies.changes.repository import BaseError
from policies.command_line import run
from policies.register import ROWS, Waiver
from policies.templates.template import StackTemplate

BOOTSTRAP = "bootstrap.template.json"
EXECUTION = "Execution"
ASSEMBLY, DECISIONS = "assembly", "decisions"
# Of a stack's properties in the manifest, what is compared with its template or follows from it.
COMPARED = (
    *("templateFile", "terminationProtection", "stackTemplateAssetObjectUrl", "stackName"),
    "additionalDependencies",
)
# Of an asset, what names it by its content.
NAMED = ("path", "objectKey", "imageTag", "directory")

Pair: TypeAlias = tuple[StackTemplate, StackTemplate]


def app_settings(text: str) -> StackTemplate:
    """Return the text of a ``cdk.json``, of which every value is compared."""
    _, lines = texts.read(CDK_JSON, text)
    at = {where: f"{CDK_JSON}:{line}" for where, line in lines.items()}
    return replace(document(CDK_JSON, json.loads(text or "{}")), lines=at)


def bootstrap_policies(folder: Path) -> StackTemplate:
    """Return the policies written to ``folder`` by ``write_bootstrap``; none of an older commit.

    How the execution policies are divided is a matter of their length, so they are one policy.
    """
    file = folder / BOOTSTRAP
    resources: dict[str, Any] = {}
    for id_, body in (json.loads(file.read_text())["Resources"] if file.exists() else {}).items():
        one = resources.setdefault(EXECUTION if id_.startswith(EXECUTION) else id_, body)
        if one is not body:
            more = body["Properties"]["PolicyDocument"]["Statement"]
            one["Properties"]["PolicyDocument"]["Statement"] += more
    found = document(naming.BOOTSTRAP_STACK, {"Resources": resources})
    made_by = {f"{found.path}/{EXECUTION}": "bootstrap/execution_policies.py"}
    return replace(found, sources={f"{found.path}/Boundary": "bootstrap/boundary.py", **made_by})


def write_bootstrap(root: Path, assembly: Path, folder: Path, python: str = sys.executable) -> None:
    """Write the policies that the sources in ``root`` make for ``assembly`` to ``folder``.

    A commit from before there were any writes nothing. Raise ``BaseError`` if they can't be made;
    the message says why.
    """
    if not (root / "bootstrap").exists():
        return
    command = [python, "-m", "bootstrap", "--assembly", str(assembly), "--out", str(folder)]
    if (done := run(command, root)).returncode:
        raise BaseError(f"the bootstrap's policies of {root} can't be made:\n{done.stderr}")


def written(assembly: Path) -> Pair:
    """Return the policies that were written beside an assembly, and how it is published."""
    return bootstrap_policies(assembly), publishing(assembly)


def made(root: Path, assembly: Path) -> Pair:
    """Return the policies that ``root`` makes for an assembly, and how it is published."""
    with TemporaryDirectory() as folder:
        write_bootstrap(root, assembly, Path(folder))
        return bootstrap_policies(Path(folder)), publishing(assembly)


def publishing(assembly: Path) -> StackTemplate:
    """Return by whom the stacks of an assembly are deployed, and where its assets are published.

    A stack's template and an asset's code are compared by themselves.
    """
    found: dict[str, Any] = {}
    lines: dict[tuple[str, ...], str] = {}
    for file in (assembly / "manifest.json", *sorted(assembly.glob("assembly-*/manifest.json"))):
        for id_, artifact in json.loads(file.read_text()).get("artifacts", {}).items():
            properties = artifact.get("properties", {})
            if artifact["type"] == "aws:cloudformation:stack":
                kept = {key: part for key, part in properties.items() if key not in COMPARED}
                found[id_] = {**kept, **found.get(id_, {})}
            elif artifact["type"] == "cdk:asset-manifest":
                stack = id_.removesuffix(".assets")
                assets = dict(_published(file.parent / properties["file"]))
                found.setdefault(stack, {})["assets"] = dict.fromkeys(sorted(assets), "")
                lines |= {(stack, "assets", made): where for made, where in assets.items()}
    return replace(document(ASSEMBLY, found), lines=lines)


def _published(file: Path) -> Iterator[tuple[str, str]]:
    """Yield how an asset is made and where it goes, and which one it is."""
    assets = json.loads(file.read_text())
    for kind in ("files", "dockerImages"):
        for asset in assets.get(kind, {}).values():
            made = {key: part for key, part in asset["source"].items() if key not in NAMED}
            for destination in asset["destinations"].values():
                goes = {key: part for key, part in destination.items() if key not in NAMED}
                source = asset["source"].get("path", asset["source"].get("directory", ""))
                where = f"{asset.get('displayName', 'an asset')}, from {source or 'a command'}"
                yield json.dumps({**made, **goes}, sort_keys=True), f"{file.name}: {where}"


def decisions(before: Sequence[Waiver], after: Sequence[Waiver]) -> Pair:
    """Return why, by whom and until when rows of both sides are accepted, by file, old and new."""
    old = {(row.finding, row.path): row for row in before}
    sides: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for row in after:
        was = old.get((row.finding, row.path))
        if was and was.review_by and row.review_by:
            for side, each in zip(sides, (was, row), strict=True):
                of_file = side.setdefault(f"{ROWS}/{row.kind}.toml", {})
                decision = {"owner": each.owner, "review_by": str(each.review_by)}
                of_file[f"rows of {was.kind}"] = {"reason": each.reason, **decision}
    return document(DECISIONS, sides[0]), document(DECISIONS, sides[1])


def document(name: str, template: Mapping[str, Any]) -> StackTemplate:
    """Return what is compared like a stack's template, under a name of its own."""
    return StackTemplate(path=name, name=name, template={"Resources": {}, **template})
