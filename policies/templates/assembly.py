"""A synthesized cloud assembly, read with its nested stages."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.command_line import Undetermined
from policies.templates.template import StackTemplate

LOGICAL_ID, CREATION = "aws:cdk:logicalId", "aws:cdk:creationStack"
ACKNOWLEDGED = "aws:cdk:acknowledged-rules"
FRAME = re.compile(r"\((/.+?\.py):(\d+)\)")
APP = "/pipeline_app.py"
STACK, ASSETS = "aws:cloudformation:stack", "cdk:asset-manifest"


@dataclass(frozen=True, kw_only=True, slots=True)
class Assembly:
    """The stacks of all stages, as they are written in ``folder``."""

    folder: Path
    stacks: tuple[StackTemplate, ...]


def read(folder: Path) -> Assembly:
    """Return the assembly in ``folder``; raise ``Undetermined`` if it holds no stack."""
    found = tuple(_stack(*each) for each in artifacts(folder) if each[-1]["type"] == STACK)
    if not found:
        raise Undetermined(f"no stacks in {folder}; synthesize first: make synth")
    return Assembly(folder=folder, stacks=found)


def digest(stacks: Sequence[StackTemplate]) -> str:
    """Return a hash of every template, and so of the assets, which templates name by content."""
    ordered = sorted(stacks, key=lambda stack: stack.path)
    said = [(each.path, each.account, each.region, each.template) for each in ordered]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def artifacts(folder: Path, stage_path: str = "") -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    """Yield each artifact with its folder and the path of its stage, those of stages included."""
    for id_, artifact in _json(folder / "manifest.json").get("artifacts", {}).items():
        properties = artifact.get("properties", {})
        if artifact["type"] == "cdk:cloud-assembly":
            yield from artifacts(folder / properties["directoryName"], properties["displayName"])
        else:
            yield folder, stage_path, {"id": id_, **artifact, "properties": properties}


def _stack(folder: Path, stage_path: str, artifact: Mapping[str, Any]) -> StackTemplate:
    account, region = artifact["environment"].removeprefix("aws://").split("/")
    written = [
        (path.removeprefix("/"), entry["type"], entry.get("data"))
        for path, entries in _json(folder / artifact["additionalMetadataFile"]).items()
        for entry in entries
    ]
    return StackTemplate(
        path=artifact["displayName"].partition(" ")[0],
        stage_path=stage_path,
        name=artifact["properties"].get("stackName", artifact["id"]),
        region=region,
        account=account,
        template=_json(folder / artifact["properties"]["templateFile"]),
        termination_protected=artifact["properties"].get("terminationProtection") is True,
        paths={id_: path for path, type_, id_ in written if type_ == LOGICAL_ID},
        acknowledged=tuple(
            (path, rule) for path, type_, ids in written if type_ == ACKNOWLEDGED for rule in ids
        ),
        sources={path: source_line(trace) for path, type_, trace in written if type_ == CREATION},
    )


def published(folder: Path) -> Iterator[Path]:
    """Yield each file or folder that is published with the stacks, but for their templates."""
    found = [*artifacts(folder)]
    templates = {(at, each["properties"].get("templateFile")) for at, _, each in found}
    for at, _, artifact in found:
        made = (each["source"] for each in assets(at, artifact))
        paths = (str(each.get("path") or each.get("directory") or each) for each in made)
        yield from ((at / path).resolve() for path in paths if (at, path) not in templates)


def assets(folder: Path, artifact: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what an artifact in ``folder`` publishes; nothing if it is no list of assets."""
    listed = _json(folder / artifact["properties"]["file"]) if artifact["type"] == ASSETS else {}
    return [each for kind in ("files", "dockerImages") for each in listed.get(kind, {}).values()]


def source_line(trace: Iterable[str]) -> str:
    """Return ``file:line``, and who called it if that is in another file.

    Files are relative to the app's folder. Empty unless the app was synthesized with
    ``JSII_HOST_STACK_TRACES=1``.
    """
    frames = FRAME.findall("\n".join(trace))
    apps = (file.removesuffix(APP) for file, _ in frames if file.endswith(APP))
    root = next(apps, str(Path.cwd()))
    ours = [(f.removeprefix(f"{root}/"), line) for f, line in frames if "site-packages" not in f]
    callers = [each for each in ours if each[0] != ours[0][0]]
    return ", called at ".join(map(":".join, [*ours[:1], *callers[:1]]))


def _json(path: Path) -> Mapping[str, Any]:
    try:
        return dict(json.loads(path.read_text()))
    except FileNotFoundError:
        raise Undetermined(f"{path} is missing; synthesize first: make synth") from None
