"""A small pipeline that has nothing to do with this project."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, cast

from local.clients import Clients
from local.rehearsal import pipeline_definition
from local.rehearsal.action import Context, Workers
from local.rehearsal.action_runner import ActionRunner
from local.rehearsal.errors import ActionError, WaitingError
from local.rehearsal.pipeline_definition import Pipeline
from local.rehearsal.pipeline_engine import Engine
from local.rehearsal.pipeline_execution import StageLocks
from local.rehearsal.principal import Principal
from local.rehearsal.terminal_output import Console

Properties: TypeAlias = dict[str, Any]


def action(
    name: str, category: str = "Build", provider: str = "CodeBuild", **more: object
) -> Properties:
    kind = {"Category": category, "Owner": "AWS", "Provider": provider, "Version": "1"}
    return {"Name": name, "ActionTypeId": kind, "RunOrder": 1, **more}


def stage(name: str, *actions: object, **more: object) -> Properties:
    return {"Name": name, "Actions": list(actions), **more}


def properties(*stages: object, **more: object) -> Properties:
    return {
        "Name": "shop",
        "RoleArn": "arn:aws:iam::000000000000:role/shop",
        "ArtifactStore": {"Location": "shop-artifacts", "Type": "S3"},
        "RestartExecutionOnUpdate": True,
        "Stages": list(stages),
        **more,
    }


def pipeline(*stages: object) -> Pipeline:
    return pipeline_definition.parse(properties(*stages), "eu-west-1")


SOURCE = stage("Source", action("checkout", "Source", "Hub", Namespace="Code"))


class Nobody(Principal):
    def assume(self, role_arn: str) -> Principal:
        assert role_arn == "arn:aws:iam::000000000000:role/shop"
        return self


NOBODY = Nobody(clients=cast("Clients", None), credentials={})


@dataclass
class Hub:
    """Commits, of which the newest is the next to be checked out."""

    commits: list[str] = field(default_factory=lambda: ["c1"])

    def run(self, context: Context) -> Mapping[str, str]:
        del context
        return {"CommitId": self.commits[-1]}


@dataclass
class Builder:
    """Records each action it runs; ``fails`` decides by that record."""

    fails: Callable[[str], bool] = lambda _: False
    waits: Callable[[str], bool] = lambda _: False
    outputs: Mapping[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    meanwhile: Callable[[str], None] = lambda _: None

    def run(self, context: Context) -> Mapping[str, str]:
        note = f"{context.action.name} {context.configuration.get('what', context.revision)}"
        self.done.append(note)
        if self.fails(note):
            raise ActionError(f"{note} went wrong")
        if self.waits(note):
            raise WaitingError("waiting for an answer")
        self.meanwhile(note)
        return self.outputs


@dataclass
class World:
    """A deployed pipeline that can change, and the workers of its actions."""

    pipeline: Pipeline
    folder: Path
    hub: Hub = field(default_factory=Hub)
    builder: Builder = field(default_factory=Builder)
    locks: StageLocks = field(default_factory=StageLocks)

    def engine(self) -> Engine:
        workers: Workers = {("Source", "Hub"): self.hub, ("Build", "CodeBuild"): self.builder}
        folder, console = self.folder, Console()
        return Engine(
            deployed=lambda: self.pipeline,
            root=NOBODY,
            actions=ActionRunner(
                workers, folder=folder / "actions", logs=folder / "logs", console=console
            ),
            locks=self.locks,
            console=console,
        )
