import json

from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

import naming
from services.deployment_target import Target
from services.processor.construct import Processor
from services.processor.large_files_definition import definition

EVENT_SOURCE, FILE_CHANGED = "serverless.data-ingestion", "FileChanged"
# Why the processor leaves a file to the machine, which its entry says.
HANDED_OVER = ("LARGE_FILE", "OUT_OF_TIME")


class LargeFiles(Construct):
    """Stores the files that one run of the processor cannot, ``ranges_at_once`` ranges at a time.

    A file's own event on ``bus`` starts the state machine: its entry is SUSPENDED, as too large or
    out of time, and of this region. A file that fails leaves the processor's kind of dead letter.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        target: Target,
        processor: Processor,
        bus: events.IEventBus,
        ranges_at_once: int,
    ) -> None:
        super().__init__(scope, id_)
        self.machine = self._machine(target, processor, ranges_at_once)
        self._start(target, bus)
        self.outputs = {
            "LargeFileWorkerName": processor.worker.function_name,
            "LargeFilesName": naming.LARGE_FILES,
            "LargeFilesArn": self.machine.attr_arn,
        }

    def _machine(
        self, target: Target, processor: Processor, ranges_at_once: int
    ) -> sfn.CfnStateMachine:
        worker, dlq = processor.worker, processor.dlq
        role = self._role("Role", naming.large_files_role(target.region), "states", target)
        states_arn = f"arn:aws:states:{target.region}:{target.account}"
        executions = f"{states_arn}:execution:{naming.LARGE_FILES}/*"
        for actions, resource in (
            (["lambda:InvokeFunction"], worker.function_arn),
            (["sqs:SendMessage"], dlq.queue_arn),
            # Each range is an execution of its own, and those of a map that fails are stopped.
            (["states:StartExecution"], target.large_files_arn),
            (["states:DescribeExecution", "states:StopExecution"], executions),
        ):
            role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
        states = definition(worker.function_arn, dlq.queue_url, ranges_at_once)
        # A CloudFormation resource, because CDK's would grant more, such as all of a function's
        # versions.
        machine = sfn.CfnStateMachine(
            self,
            "Machine",
            state_machine_name=naming.LARGE_FILES,
            role_arn=role.role_arn,
            definition_string=json.dumps(states),  # CDK would leave out what is null,
        )
        machine.node.add_dependency(role)
        return machine

    def _start(self, target: Target, bus: events.IEventBus) -> None:
        role = self._role(
            "Starter", naming.large_files_role(target.region, "-starter"), "events", target
        )
        arn = self.machine.attr_arn
        role.add_to_policy(iam.PolicyStatement(actions=["states:StartExecution"], resources=[arn]))
        detail = {
            "change": ["CREATED", "UPDATED"],
            "originRegion": [target.region],
            "status": ["SUSPENDED"],
            "item": {"failure": {"code": list(HANDED_OVER)}},
        }
        rule = events.CfnRule(
            self,
            "Rule",
            # An alarm knows the rule by its name.
            name=naming.LARGE_FILES,
            event_bus_name=bus.event_bus_name,
            event_pattern={
                "source": [EVENT_SOURCE],
                "detail-type": [FILE_CHANGED],
                "detail": detail,
            },
            targets=[
                events.CfnRule.TargetProperty(
                    id="Machine",
                    arn=arn,
                    role_arn=role.role_arn,
                    input_path="$.detail.item",
                )
            ],
        )
        rule.node.add_dependency(role)

    def _role(self, id_: str, name: str, service: str, target: Target) -> iam.Role:
        """Make a role that the service assumes for this account's resources only."""
        principal = iam.ServicePrincipal(
            f"{service}.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": target.account}},
        )
        return iam.Role(self, id_, role_name=name, assumed_by=principal)
