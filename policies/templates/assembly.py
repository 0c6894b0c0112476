"""A synthesized cloud assembly, read with its nested stages."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.templates.source_lines import source_line
from policies.templates.template import StackTemplate

LOGICAL_ID, CREATION = "aws:cdk:logicalId", "aws:cdk:creationStack"
ACKNOWLEDGED = "aws:cdk:acknowledged-rules"


class AssemblyError(Exception):
    """The folder is not a complete assembly; the message says what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Acknowledgment:
    """A rule that code in the app has acknowledged, for ``path`` and everything below it."""

    path: str
    id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Assembly:
    """The stacks of all stages, and every acknowledgement that code has left in the metadata."""

    folder: Path
    stacks: tuple[StackTemplate, ...]
    acknowledgments: frozenset[Acknowledgment]


def read(folder: Path) -> Assembly:
    """Return the assembly in ``folder``; raise ``AssemblyError`` if it holds no stack."""
    found = list(_stacks(folder, stage_path=""))
    if not found:
        raise AssemblyError(f"no stacks in {folder}; synthesize first: make synth")
    return Assembly(
        folder=folder,
        stacks=tuple(stack for stack, _ in found),
        acknowledgments=frozenset(ack for _, acks in found for ack in acks),
    )


def digest(stacks: Sequence[StackTemplate]) -> str:
    """Return a hash of every template, and so of the assets, which templates name by content."""
    found = hashlib.sha256()
    for stack in sorted(stacks, key=lambda stack: stack.path):
        found.update(f"{stack.path}\0{stack.account}\0{stack.region}\0".encode())
        found.update(json.dumps(stack.template, sort_keys=True).encode())
    return found.hexdigest()


def _stacks(
    folder: Path, stage_path: str
) -> Iterator[tuple[StackTemplate, frozenset[Acknowledgment]]]:
    for id_, artifact in _json(folder / "manifest.json").get("artifacts", {}).items():
        properties = artifact.get("properties", {})
        if artifact["type"] == "cdk:cloud-assembly":
            yield from _stacks(folder / properties["directoryName"], properties["displayName"])
        elif artifact["type"] == "aws:cloudformation:stack":
            metadata = _json(folder / artifact["additionalMetadataFile"])
            yield (
                _stack(folder, stage_path, {"id": id_, **artifact}, metadata),
                _acknowledgments(metadata),
            )


def _stack(
    folder: Path, stage_path: str, artifact: Mapping[str, Any], metadata: Mapping[str, Any]
) -> StackTemplate:
    account, region = artifact["environment"].removeprefix("aws://").split("/")
    written = [
        (path.removeprefix("/"), entry["type"], entry.get("data"))
        for path, entries in metadata.items()
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
        sources={path: source_line(trace) for path, type_, trace in written if type_ == CREATION},
    )


def _acknowledgments(metadata: Mapping[str, Any]) -> frozenset[Acknowledgment]:
    return frozenset(
        Acknowledgment(path=path.removeprefix("/"), id=id_)
        for path, entries in metadata.items()
        for entry in entries
        if entry["type"] == ACKNOWLEDGED
        for id_ in entry["data"]
    )


def _json(path: Path) -> Mapping[str, Any]:
    try:
        return dict(json.loads(path.read_text()))
    except FileNotFoundError:
        raise AssemblyError(f"{path} is missing; synthesize first: make synth") from None
