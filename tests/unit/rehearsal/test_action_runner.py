"""An action that fails says why, and if a right was missing, which."""

import io
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from local.clients import Clients
from local.rehearsal.action import Context
from local.rehearsal.action_runner import ActionRunner, Run
from local.rehearsal.artifacts import Artifacts
from local.rehearsal.errors import ActionError
from local.rehearsal.pipeline_execution import Execution
from local.rehearsal.principal import Principal
from local.rehearsal.terminal_output import Console
from tests.unit.rehearsal.fakes import action, pipeline, stage

ROLE = "cdk-fileingest-cfn-exec-role-000000000000-us-east-1"
ATTACHED = {"AttachedPolicies": [{"PolicyName": "shopkeepers"}]}


class Deployment:
    def run(self, _: Context) -> Mapping[str, str]:
        denied = (
            f"arn:aws:sts::000000000000:assumed-role/{ROLE}/AWSCloudFormation is not authorized"
        )
        raise ActionError("cakes rolled back", tail=f"Oven: {denied} to perform: sns:CreateTopic")


def test_a_deployment_that_lacks_a_right_says_which(tmp_path: Path) -> None:
    iam = SimpleNamespace(list_attached_role_policies=lambda **_: ATTACHED)
    clients = cast("Clients", SimpleNamespace(client=lambda *_: iam))
    role = Principal(clients=clients, credentials={})
    shop = pipeline(stage("Deploy", action("Cakes")))
    stream, places = io.StringIO(), {"folder": tmp_path / "actions", "logs": tmp_path / "logs"}
    workers = {("Build", "CodeBuild"): Deployment()}
    execution = Execution(id="e1", trigger="push")
    run = Run(pipeline=shop, execution=execution, role=role, artifacts=Artifacts(shop, role))

    runner = ActionRunner(workers, **places, console=Console(stream))
    runner.run(run, shop.stages[0], shop.stages[0].actions[0])

    [record] = execution.actions
    expected = f"cakes rolled back; {ROLE} may not call sns:CreateTopic, which no statement of shop"
    assert record.message.startswith(expected)
    assert expected in stream.getvalue()
