"""What decides about a deployment beside the templates: settings, the bootstrap, publishing.

Each is compared like a stack's template, before and after.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import naming
from policies import patterns
from policies.app import CDK_JSON
from policies.changes import texts
from policies.command_line import Undetermined, run
from policies.register import ROWS, Waiver
from policies.templates.assembly import ASSETS, STACK, artifacts, assets
from policies.templates.template import StackTemplate

BOOTSTRAP = "bootstrap.template.json"
EXECUTION = "Execution"
ASSEMBLY, DECISIONS = "assembly", "decisions"
COMPARED, NAMED, DECIDED, REACH = patterns.beside(__file__).values()

Pair: TypeAlias = tuple[StackTemplate, StackTemplate]


def app_settings(text: str) -> StackTemplate:
    """Return the text of a ``cdk.json``, of which every value is compared."""
    _, lines = texts.read(CDK_JSON, text)
    at = {where: f"{CDK_JSON}:{line}" for where, line in lines.items()}
    return document(CDK_JSON, json.loads(text or "{}"), lines=at)


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
    made_by = {"Boundary": "bootstrap/boundary.py", EXECUTION: "bootstrap/execution_policies.py"}
    sources = {f"{naming.BOOTSTRAP_STACK}/{id_}": file for id_, file in made_by.items()}
    return document(naming.BOOTSTRAP_STACK, {"Resources": resources}, sources=sources)


def write_bootstrap(root: Path, assembly: Path, folder: Path, python: str = sys.executable) -> None:
    """Write the policies that the sources in ``root`` make for ``assembly`` to ``folder``.

    A commit from before there were any writes nothing. Raise ``Undetermined``, which
    says why, if they can't be made.
    """
    if not (root / "bootstrap").exists():
        return
    command = [python, "-m", "bootstrap", "--assembly", str(assembly), "--out", str(folder)]
    if (done := run(command, root)).returncode:
        raise Undetermined(f"the bootstrap's policies of {root} can't be made:\n{done.stderr}")


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
    for at, _, artifact in artifacts(assembly):
        properties, stack = artifact["properties"], artifact["id"].removesuffix(".assets")
        if artifact["type"] == STACK:
            kept = {key: part for key, part in properties.items() if key not in COMPARED}
            found[stack] = {**kept, **found.get(stack, {})}
        elif artifact["type"] == ASSETS:
            published = dict(_published(properties["file"], assets(at, artifact)))
            found.setdefault(stack, {})["assets"] = dict.fromkeys(sorted(published), "")
            lines |= {(stack, "assets", made): where for made, where in published.items()}
    return document(ASSEMBLY, found, lines=lines)


def _published(file: str, assets: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield how an asset is made and where it goes, and which one of the file it is."""
    for asset in assets:
        source = asset["source"]
        of = source.get("path") or source.get("directory") or "a command"
        where = f"{file}: {asset.get('displayName', 'an asset')}, from {of}"
        for destination in asset["destinations"].values():
            said = {**source, **destination}
            made = {key: part for key, part in said.items() if key not in NAMED}
            yield json.dumps(made, sort_keys=True), where


def decisions(before: Sequence[Waiver], after: Sequence[Waiver]) -> Pair:
    """Return why, by whom, until when and, if of more, of what rows are accepted, old and new."""
    sides: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for row in after:
        known = [e for e in before if e.finding == row.finding and row.reaches(row.path, e.path)]
        other = [[of for of in REACH if getattr(e, of) != getattr(row, of)] for e in known]
        was, names = min(zip(known, other, strict=True), key=lambda e: e[1], default=(row, []))
        if known and was.review_by and row.review_by:
            where = row.finding if names else f"rows of {was.kind}"
            for side, each in zip(sides, (was, row), strict=True):
                of_file = side.setdefault(f"{ROWS}/{row.kind}.toml", {})
                of_file[where] = {of: str(getattr(each, of)) for of in (*DECIDED, *names)}
    return document(DECISIONS, sides[0]), document(DECISIONS, sides[1])


def document(name: str, template: Mapping[str, Any], **known: Any) -> StackTemplate:
    """Return what is compared like a stack's template, under a name of its own."""
    return StackTemplate(path=name, name=name, template={"Resources": {}, **template}, **known)
