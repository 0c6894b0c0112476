"""An assembly as small as the local cloud accepts: a queue in each region."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import naming
from local.aws_isolation import ACCOUNT

SCHEMA = "48.0.0"


def write(folder: Path, *queues: str) -> Path:
    """Write an assembly that has ``queues`` in both regions."""
    stages = {naming.stage_assembly(region): region for region in naming.REGIONS}
    for stage, region in stages.items():
        _write_stage(folder / stage, region, queues)
    nested = {
        stage: {
            "type": "cdk:cloud-assembly",
            "properties": {"directoryName": stage, "displayName": stage},
        }
        for stage in stages
    }
    _write_manifest(folder, nested)
    return folder


def _write_stage(folder: Path, region: str, queues: tuple[str, ...]) -> None:
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": f"aws://{ACCOUNT}/{region}",
        "properties": {"templateFile": "tiny.template.json", "stackName": "tiny"},
        "displayName": f"{folder.name}/tiny",
        "additionalMetadataFile": "tiny.metadata.json",
    }
    resources = {
        queue.title(): {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": queue}}
        for queue in queues
    }
    folder.mkdir(parents=True, exist_ok=True)
    _write_manifest(folder, {"tiny": stack})
    (folder / "tiny.template.json").write_text(json.dumps({"Resources": resources}))
    (folder / "tiny.metadata.json").write_text("{}")


def _write_manifest(folder: Path, artifacts: Mapping[str, Any]) -> None:
    manifest = {"version": SCHEMA, "artifacts": artifacts}
    (folder / "manifest.json").write_text(json.dumps(manifest))
