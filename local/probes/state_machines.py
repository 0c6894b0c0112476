"""Where the emulator's Step Functions differs from that of AWS."""

import json
from typing import Any

from botocore.exceptions import ClientError

from local.clients import Clients
from local.probes.scratch_resources import LIMIT_S, sandbox
from ops.waiting import wait_for

ANSWERS = "def handler(event, context):\n    return {}\n"


def rights_of_state_machines_are_not_checked(clients: Clients) -> bool:
    with sandbox(clients) as box:
        function = box.client("lambda").get_function_configuration(
            FunctionName=box.function(ANSWERS)
        )
        task = {"Type": "Task", "Resource": function["FunctionArn"], "End": True}
        states = box.client("stepfunctions")
        try:
            # The function's role: nothing lets it invoke a function, or be assumed by a machine.
            machine = states.create_state_machine(
                name=box.name,
                definition=json.dumps({"StartAt": "Task", "States": {"Task": task}}),
                roleArn=function["Role"],
            )["stateMachineArn"]
        except ClientError:
            return False
        try:
            started = states.start_execution(stateMachineArn=machine)["executionArn"]
            return (
                wait_for(lambda: _end(states, started), "its end", limit_s=LIMIT_S) == "SUCCEEDED"
            )
        finally:
            states.delete_state_machine(stateMachineArn=machine)


def _end(states: Any, execution: str) -> str:
    status = str(states.describe_execution(executionArn=execution)["status"])
    return "" if status == "RUNNING" else status
