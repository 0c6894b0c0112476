"""Stops an older execution that still waits for its approval: ``python -m ops.supersede``.

The pipeline calls it once a newer commit is proved in us-east-1. CodePipeline itself would let the
newer one wait behind the older one, whose approval would then promote a commit that us-east-1 no
longer runs. Stopping needs no right to approve. Safe to repeat: what does not wait is left alone.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

IN_PROGRESS = "InProgress"


def waiting(codepipeline: Any, pipeline: str, stage: str) -> str:
    """The execution that is in ``stage``, where people are asked; empty when none is."""
    states = codepipeline.get_pipeline_state(name=pipeline)["stageStates"]
    [latest] = [each.get("latestExecution") or {} for each in states if each["stageName"] == stage]
    return str(latest["pipelineExecutionId"]) if latest.get("status") == IN_PROGRESS else ""


def stop_older(codepipeline: Any, pipeline: str, stage: str, execution: str) -> str:
    """Stop what waits in ``stage`` unless it is ``execution`` itself; its id, or nothing.

    What waits there is older: ``execution`` has yet to come to that stage.
    """
    older = waiting(codepipeline, pipeline, stage)
    if older in ("", execution):
        return ""
    codepipeline.stop_pipeline_execution(
        pipelineName=pipeline,
        pipelineExecutionId=older,
        abandon=True,
        reason=f"a newer commit is proved in us-east-1: execution {execution}",
    )
    return older


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="ops.supersede", description=__doc__)
    parser.add_argument("--pipeline", required=True)
    parser.add_argument("--stage", required=True, help="the stage of the approval")
    parser.add_argument("--execution", required=True, help="the newer execution's id")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    options = parser.parse_args(arguments)
    try:
        client = boto3.client("codepipeline")
        stopped = stop_older(client, options.pipeline, options.stage, options.execution)
    except (BotoCoreError, ClientError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    told = f"stopped execution {stopped}, which waited" if stopped else "no older commit waits"
    print(json.dumps({"stopped": stopped or None}) if options.json else told)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
