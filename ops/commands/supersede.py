"""``ops supersede``: stop an older execution that is still waiting for approval.

The pipeline calls it once a newer commit is verified in the primary region. CodePipeline itself
would let the newer one wait behind the older one, whose approval would then promote a commit that
the primary no longer runs. Stopping needs no permission to approve. Safe to repeat: an execution
that is not waiting is left alone.
"""

import json
from typing import Any

import click

import naming
from ops.cli import connected
from ops.connection import connect

IN_PROGRESS = "InProgress"


def waiting(codepipeline: Any, pipeline: str, stage: str) -> str:
    """Return the id of the execution in ``stage``, the approval's; empty if there is none."""
    states = codepipeline.get_pipeline_state(name=pipeline)["stageStates"]
    [latest] = [each.get("latestExecution") or {} for each in states if each["stageName"] == stage]
    return str(latest["pipelineExecutionId"]) if latest.get("status") == IN_PROGRESS else ""


def stop_older(codepipeline: Any, pipeline: str, stage: str, execution: str) -> str:
    """Stop the execution in ``stage`` unless it is ``execution``; return its id, or nothing.

    It is older, because ``execution`` has yet to reach that stage.
    """
    older = waiting(codepipeline, pipeline, stage)
    if older in ("", execution):
        return ""
    codepipeline.stop_pipeline_execution(
        pipelineName=pipeline,
        pipelineExecutionId=older,
        abandon=True,
        reason=f"a newer commit is verified in {naming.PRIMARY}: execution {execution}",
    )
    return older


@click.command("supersede", short_help="Stop an older execution still waiting for approval.")
@click.option("--pipeline", required=True, help="Name of the pipeline.")
@click.option("--stage", required=True, help="Stage of the approval.")
@click.option("--execution", required=True, help="Id of the newer execution.")
@connected
def command(
    pipeline: str, stage: str, execution: str, region: str, profile: str | None, *, as_json: bool
) -> None:
    """Stop the execution that is waiting for approval, unless it is the newer one itself."""
    client = connect(region, profile).client("codepipeline")
    stopped = stop_older(client, pipeline, stage, execution)
    if as_json:
        click.echo(json.dumps({"stopped": stopped or None}))
    elif stopped:
        click.echo(f"stopped execution {stopped}, which was waiting for approval")
    else:
        click.echo("no older execution is waiting for approval")
