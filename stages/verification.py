from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as event_targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

import naming
from stages.targets import Target

CANARY_FOLDER = "canary"
EVENTS_KEPT = Duration.hours(1)


class Verification(Construct):
    """What a deployment is proved with: a queue that hears of canary records, and a role.

    The role is assumed from the pipeline's account, by the verifying builds only.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        target: Target,
        pipeline_account: str,
        bus: events.IEventBus,
    ) -> None:
        super().__init__(scope, id_)
        self.queue = self._listen(bus)
        role = iam.Role(
            self,
            "Role",
            role_name=naming.verification_role(target.region),
            assumed_by=_verifiers(pipeline_account, target),
        )
        bucket_arn = naming.bucket_arn(target.ingestion_bucket)
        alarms_arn = f"arn:aws:cloudwatch:{target.region}:{target.account}:alarm:*"
        # In another account, the other region's own role reads its table.
        regions = (target.region, *([target.peer_region] if target.shares_account else []))
        tables = [naming.table_arn(region, target.account) for region in regions]
        for actions, resources in (
            (["s3:PutObject"], [f"{bucket_arn}/{CANARY_FOLDER}/*"]),
            (["dynamodb:GetItem"], tables),
            (["sqs:ReceiveMessage", "sqs:DeleteMessage"], [self.queue.queue_arn]),
            (["cloudwatch:DescribeAlarms"], [alarms_arn]),
        ):
            role.add_to_policy(iam.PolicyStatement(actions=actions, resources=resources))

    def _listen(self, bus: events.IEventBus) -> sqs.Queue:
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
            detail_type=["RecordChanged"],
            detail={"item": {"source": {"key": [{"prefix": f"{CANARY_FOLDER}/"}]}}},
        )
        rule = events.Rule(self, "CanaryRecords", event_bus=bus, event_pattern=pattern)
        rule.add_target(event_targets.SqsQueue(queue))
        return queue


def _verifiers(pipeline_account: str, target: Target) -> iam.IPrincipal:
    """The region's own, and the standby's where that can't read this region's table itself."""
    looked_at = not target.standby and not target.shares_account
    regions = (target.region, *([target.peer_region] if looked_at else []))
    verifiers = [
        f"arn:aws:iam::{pipeline_account}:role/{naming.verifier_role(region)}" for region in regions
    ]
    return iam.AccountPrincipal(pipeline_account).with_conditions(
        {"ArnEquals": {"aws:PrincipalArn": verifiers}}
    )
