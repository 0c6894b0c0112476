from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from services.canary.construct import FOLDER as CANARY_FOLDER
from services.deployment_target import Target
from services.processor.construct import Processor
from services.processor.runtime.file_names import SUFFIXES
from stages.storage.private_bucket import private_bucket

# S3's filters distinguish cases. These are how nearly all names are written; S3 calls the processor
# for them, and an event rule does for every other one, such as "a.Csv" or "notes.txt".
NOTIFIED_SUFFIXES = tuple(each for suffix in SUFFIXES for each in (suffix, suffix.upper()))
# The console makes an empty object of such a name for a folder.
FOLDER_END = "/"
ACCESS_LOGS_KEPT_DAYS = 365
UNFINISHED_UPLOADS_KEPT_DAYS = 7
CANARY_FILES_KEPT_DAYS = 7


class IngestionBucket(Construct):
    """The bucket producers upload to; each new version of an object invokes ``processor``.

    The notification is a property of the bucket, not CDK's custom resource, so it exists as soon as
    the bucket does. No version expires if ``files_kept_days`` is 0.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        target: Target,
        processor: Processor,
        files_kept_days: int,
    ) -> None:
        super().__init__(scope, id_)
        self.access_logs = private_bucket(
            self,
            "AccessLogs",
            name=target.access_logs_bucket,
            lifecycle_rule=s3.LifecycleRule(
                expiration=Duration.days(ACCESS_LOGS_KEPT_DAYS),
                noncurrent_version_expiration=Duration.days(1),
            ),
        )
        self.bucket = private_bucket(
            self,
            "Bucket",
            name=target.ingestion_bucket,
            lifecycle_rule=_lifecycle(files_kept_days),
            access_logs=self.access_logs,
        )
        self.bucket.add_lifecycle_rule(
            prefix=f"{CANARY_FOLDER}/",
            expiration=Duration.days(CANARY_FILES_KEPT_DAYS),
            noncurrent_version_expiration=Duration.days(CANARY_FILES_KEPT_DAYS),
        )
        self._notify(processor.function, target)
        self._tell_of_the_rest(processor)

    def _notify(self, processor: lambda_.IFunction, target: Target) -> None:
        permission = _permission(
            self, "InvokeProcessor", processor, "s3", target.ingestion_bucket_arn
        )
        permission.source_account = target.account
        bucket = self.bucket.node.default_child
        assert isinstance(bucket, s3.CfnBucket)  # noqa: S101  # narrows the type, always true
        bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            lambda_configurations=[
                _object_created(suffix, processor.function_arn) for suffix in NOTIFIED_SUFFIXES
            ],
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(
                event_bridge_enabled=True
            ),
        )
        bucket.add_resource_dependency(permission)

    def _tell_of_the_rest(self, processor: Processor) -> None:
        """Invoke the processor for every other name; an event that can't be delivered is kept.

        In CloudFormation's resources, because CDK's target has the stage's path in its names.
        """
        other = {"anything-but": {"suffix": [*NOTIFIED_SUFFIXES, FOLDER_END]}}
        bucket_name = self.bucket.bucket_name
        target = events.CfnRule.TargetProperty(
            id="Processor",
            arn=processor.function.function_arn,
            dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=processor.dlq.queue_arn),
        )
        rule = events.CfnRule(
            self,
            "OtherNames",
            event_pattern={
                "source": ["aws.s3"],
                "detail-type": ["Object Created"],
                "detail": {"bucket": {"name": [bucket_name]}, "object": {"key": [other]}},
            },
            targets=[target],
        )
        _permission(self, "InvokeForOtherNames", processor.function, "events", rule.attr_arn)
        processor.dlq.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[processor.dlq.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": rule.attr_arn}},
            )
        )


def _lifecycle(files_kept_days: int) -> s3.LifecycleRule:
    """Return the rule of producers' files, all of whose versions are kept if that is 0 days."""
    kept = Duration.days(files_kept_days) if files_kept_days else None
    return s3.LifecycleRule(
        abort_incomplete_multipart_upload_after=Duration.days(UNFINISHED_UPLOADS_KEPT_DAYS),
        expiration=kept,
        noncurrent_version_expiration=kept,
    )


def _permission(
    scope: Construct,
    id_: str,
    function: lambda_.IFunction,
    service: str,
    source_arn: str,
) -> lambda_.CfnPermission:
    return lambda_.CfnPermission(
        scope,
        id_,
        action="lambda:InvokeFunction",
        function_name=function.function_name,
        principal=f"{service}.amazonaws.com",
        source_arn=source_arn,
    )


def _object_created(suffix: str, function_arn: str) -> s3.CfnBucket.LambdaConfigurationProperty:
    rule = s3.CfnBucket.FilterRuleProperty(name="suffix", value=suffix)
    return s3.CfnBucket.LambdaConfigurationProperty(
        event="s3:ObjectCreated:*",
        function=function_arn,
        filter=s3.CfnBucket.NotificationFilterProperty(
            s3_key=s3.CfnBucket.S3KeyFilterProperty(rules=[rule])
        ),
    )
