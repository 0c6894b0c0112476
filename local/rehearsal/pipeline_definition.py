"""A pipeline's definition, parsed from resolved properties of ``AWS::CodePipeline::Pipeline``."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from local.rehearsal.errors import RehearsalError
from local.rehearsal.strict_documents import Document, refuse_unknown

TYPE = "AWS::CodePipeline::Pipeline"
PIPELINE_KEYS = {
    *("Name", "PipelineType", "ExecutionMode", "RestartExecutionOnUpdate", "RoleArn"),
    *("ArtifactStore", "ArtifactStores", "Stages"),
}
STAGE_KEYS = {"Name", "Actions", "OnFailure"}
ACTION_KEYS = {
    *("Name", "ActionTypeId", "Configuration", "RunOrder", "InputArtifacts", "OutputArtifacts"),
    *("Namespace", "Region", "RoleArn", "TimeoutInMinutes"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """One action of a stage; actions with the same ``run_order`` run side by side."""

    name: str
    category: str
    provider: str
    configuration: Mapping[str, str]
    run_order: int
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    namespace: str | None
    region: str
    role_arn: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """One stage; with ``rolls_back``, a failure deploys its last success again."""

    name: str
    actions: tuple[Action, ...]
    rolls_back: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Pipeline:
    """A pipeline as its stack's template defines it."""

    name: str
    region: str
    role_arn: str
    buckets: Mapping[str, str]  # for artifacts, by region
    restarts_on_update: bool
    stages: tuple[Stage, ...]
    # Changes when, and only when, the definition changes.
    version: str


def parse(properties: Document, region: str) -> Pipeline:
    """Return the pipeline that ``properties`` define in ``region``.

    Raises:
        RehearsalError: it has something that can't be rehearsed.

    """
    refuse_unknown(properties, PIPELINE_KEYS, "pipeline")
    role_arn = properties["RoleArn"]
    canonical = json.dumps(properties, sort_keys=True).encode()
    return Pipeline(
        name=properties["Name"],
        region=region,
        role_arn=role_arn,
        buckets=_buckets(properties, region),
        restarts_on_update=bool(properties.get("RestartExecutionOnUpdate", False)),
        stages=tuple(_stage(each, region, role_arn) for each in properties["Stages"]),
        version=hashlib.sha256(canonical).hexdigest()[:12],
    )


def _buckets(properties: Document, region: str) -> dict[str, str]:
    own = {"Region": region, "ArtifactStore": properties.get("ArtifactStore")}
    stores = properties.get("ArtifactStores", [own])
    return {each["Region"]: each["ArtifactStore"]["Location"] for each in stores}


def _stage(document: Document, region: str, role_arn: str) -> Stage:
    where = f"stage {document['Name']}"
    refuse_unknown(document, STAGE_KEYS, where)
    on_failure = document.get("OnFailure", {"Result": "FAIL"})
    if on_failure not in ({"Result": "FAIL"}, {"Result": "ROLLBACK"}):
        raise RehearsalError(f"{where}: can't rehearse OnFailure {on_failure}")
    actions = (_action(each, region, role_arn) for each in document["Actions"])
    return Stage(
        name=document["Name"],
        actions=tuple(sorted(actions, key=lambda action: action.run_order)),
        rolls_back=on_failure["Result"] == "ROLLBACK",
    )


def _action(document: Document, region: str, role_arn: str) -> Action:
    refuse_unknown(document, ACTION_KEYS, f"action {document['Name']}")
    kind = document["ActionTypeId"]
    return Action(
        name=document["Name"],
        category=kind["Category"],
        provider=kind["Provider"],
        configuration=document.get("Configuration", {}),
        run_order=int(document.get("RunOrder", 1)),
        inputs=tuple(each["Name"] for each in document.get("InputArtifacts", [])),
        outputs=tuple(each["Name"] for each in document.get("OutputArtifacts", [])),
        namespace=document.get("Namespace"),
        region=document.get("Region", region),
        role_arn=document.get("RoleArn", role_arn),
    )
