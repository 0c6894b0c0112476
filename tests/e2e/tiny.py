"""An assembly as small as the local cloud accepts: a queue in each region."""

import json
from pathlib import Path

from local.cloud import STAGES
from local.isolation import ACCOUNT

SCHEMA = "48.0.0"


def write(folder: Path, *queues: str) -> Path:
    """Write an assembly that has ``queues`` in both regions."""
    for stage, region in STAGES:
        _write_stage(folder / stage, region, queues)
    return folder


def _write_stage(folder: Path, region: str, queues: tuple[str, ...]) -> None:
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": f"aws://{ACCOUNT}/{region}",
        "properties": {"templateFile": "tiny.template.json", "stackName": "tiny"},
    }
    resources = {
        queue.title(): {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": queue}}
        for queue in queues
    }
    manifest = {"version": SCHEMA, "artifacts": {"tiny": stack}}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "tiny.template.json").write_text(json.dumps({"Resources": resources}))
