from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as event_targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

import naming
from services.canary.construct import FOLDER as CANARY_FOLDER
from services.deployment_target import Target
from stages.accounts import Accounts

EVENTS_KEPT = Duration.hours(1)


class Verification(Construct):
    """Resources for verifying a deployment: a queue for canary records' events, and a role.

    Only the pipeline's verification builds can assume the role.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        target: Target,
        accounts: Accounts,
        bus: events.IEventBus,
    ) -> None:
        super().__init__(scope, id_)
        self.queue = self._canary_events(bus)
        self.role = iam.Role(
            self,
            "Role",
            role_name=naming.verification_role(target.region),
            assumed_by=iam.AccountPrincipal(accounts.primary.account).with_conditions(
                {"ArnEquals": {"aws:PrincipalArn": accounts.trusted_verifiers(target)}}
            ),
        )
        canary_files = f"{target.ingestion_bucket_arn}/{CANARY_FOLDER}/*"
        alarms_arn = f"arn:aws:cloudwatch:{target.region}:{target.account}:alarm:*"
        for actions, resources in (
            (["s3:PutObject"], [canary_files]),
            (["dynamodb:GetItem"], accounts.readable_tables(target)),
            (["sqs:ReceiveMessage", "sqs:DeleteMessage"], [self.queue.queue_arn]),
            (["cloudwatch:DescribeAlarms"], [alarms_arn]),
            # It takes no resource; what it tells are numbers.
            (["cloudwatch:GetMetricData"], ["*"]),
        ):
            self.role.add_to_policy(iam.PolicyStatement(actions=actions, resources=resources))

    def _canary_events(self, bus: events.IEventBus) -> sqs.Queue:
        queue = sqs.Queue(
            self,
            "CanaryEvents",
            queue_name=naming.CANARY_EVENTS,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=EVENTS_KEPT,
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        pattern = events.EventPattern(
            detail_type=["CanaryChanged"],
            detail={
                "item": {"itemType": ["RECORD"]},
                # Those of the scheduled canaries, which nobody would take from the queue.
                "recordId": [
                    {"anything-but": [f"{CANARY_FOLDER}:{each}" for each in naming.REGIONS]}
                ],
            },
        )
        rule = events.Rule(self, "CanaryRecords", event_bus=bus, event_pattern=pattern)
        rule.add_target(event_targets.SqsQueue(queue))
        return queue
