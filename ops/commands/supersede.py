"""``ops supersede``: stop an older execution that is still waiting for approval.

The pipeline calls it once a newer commit is verified in the primary region. CodePipeline itself
would let the newer one wait behind the older one, whose approval would then promote a commit that
the primary no longer runs. Stopping needs no permission to approve.

If the primary has been rolled back to another execution, that one's approval is the one that is
wanted: nothing is stopped (docs/decisions/0041-no-approval-is-lost.md). Safe to repeat: an
execution that is not waiting is left alone.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

import click
from botocore.exceptions import ClientError

import naming
from ops.cli import connected
from ops.connection import connect
from ops.errors import FindingError

IN_PROGRESS, ROLLBACK = "InProgress", "ROLLBACK"
# It was answered, it expired, or somebody else stopped it, since it was seen waiting.
NO_LONGER_WAITING = ("PipelineExecutionNotStoppableException", "DuplicatedStopRequestException")
# What CodePipeline says of the last execution in a stage; empty if there was none.
Latest: TypeAlias = Mapping[str, str]


def latest_executions(codepipeline: Any, pipeline: str) -> dict[str, Latest]:
    """Return, by stage, the execution that is in it or was the last one there."""
    states = codepipeline.get_pipeline_state(name=pipeline)["stageStates"]
    return {each["stageName"]: each.get("latestExecution") or {} for each in states}


def rolled_back_to(codepipeline: Any, pipeline: str, latest: Latest) -> str:
    """Return the id of the execution whose commit a rollback deployed; empty if it is none."""
    if latest.get("type") != ROLLBACK:
        return ""
    rollback = codepipeline.get_pipeline_execution(
        pipelineName=pipeline, pipelineExecutionId=latest["pipelineExecutionId"]
    )
    return str(
        rollback["pipelineExecution"]["rollbackMetadata"]["rollbackTargetPipelineExecutionId"]
    )


def stop_older(
    codepipeline: Any, pipeline: str, *, primary_stage: str, approval_stage: str, execution: str
) -> str:
    """Stop the execution in ``approval_stage`` unless it is ``execution``; return its id, or "".

    It is older, because ``execution`` has yet to reach that stage.

    Raises:
        FindingError: ``primary_stage`` was rolled back to another execution. None is stopped.

    """
    latest = latest_executions(codepipeline, pipeline)
    runs = rolled_back_to(codepipeline, pipeline, latest[primary_stage])
    if runs not in ("", execution):
        raise FindingError(
            f"{naming.PRIMARY} was rolled back to execution {runs}: its approval is left alone, "
            f"and execution {execution} is not put up for approval; push the commit again"
        )
    waiting = latest[approval_stage]
    older = waiting.get("pipelineExecutionId", "")
    if waiting.get("status") != IN_PROGRESS or older == execution:
        return ""
    return older if _stop(codepipeline, pipeline, older, execution) else ""


def _stop(codepipeline: Any, pipeline: str, older: str, newer: str) -> bool:
    """Return whether ``older`` was stopped; it may have been answered a moment ago."""
    try:
        codepipeline.stop_pipeline_execution(
            pipelineName=pipeline,
            pipelineExecutionId=older,
            abandon=True,
            reason=f"a newer commit is verified in {naming.PRIMARY}: execution {newer}",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in NO_LONGER_WAITING:
            return False
        raise
    return True


@click.command("supersede", short_help="Stop an older execution still waiting for approval.")
@click.option("--pipeline", required=True, help="Name of the pipeline.")
@click.option("--primary-stage", required=True, help="Stage that deploys the primary region.")
@click.option("--approval-stage", required=True, help="Stage of the approval.")
@click.option("--execution", required=True, help="Id of the newer execution.")
@connected
def command(
    *,
    pipeline: str,
    primary_stage: str,
    approval_stage: str,
    execution: str,
    region: str,
    profile: str | None,
    as_json: bool,
) -> None:
    """Stop the execution that is waiting for approval, unless it is the newer one itself."""
    stopped = stop_older(
        connect(region, profile).client("codepipeline"),
        pipeline,
        primary_stage=primary_stage,
        approval_stage=approval_stage,
        execution=execution,
    )
    if as_json:
        click.echo(json.dumps({"stopped": stopped or None}))
    elif stopped:
        click.echo(f"stopped execution {stopped}, which was waiting for approval")
    else:
        click.echo("no older execution is waiting for approval")
