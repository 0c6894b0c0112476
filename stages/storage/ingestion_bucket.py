from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from services.deployment_target import Target
from stages.storage.private_bucket import private_bucket

# S3 suffix filters are case-sensitive: a file named .CSV is stored but not processed.
PROCESSED_SUFFIXES = (".json", ".csv")
ACCESS_LOGS_KEPT_DAYS = 365
UNFINISHED_UPLOADS_KEPT_DAYS = 7


class IngestionBucket(Construct):
    """The bucket producers upload to; each new ``.json`` or ``.csv`` version invokes ``processor``.

    The notification is a property of the bucket, not CDK's custom resource, so it exists as soon as
    the bucket does.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        target: Target,
        processor: lambda_.IFunction,
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
        kept = Duration.days(UNFINISHED_UPLOADS_KEPT_DAYS)
        self.bucket = private_bucket(
            self,
            "Bucket",
            name=target.ingestion_bucket,
            lifecycle_rule=s3.LifecycleRule(abort_incomplete_multipart_upload_after=kept),
            access_logs=self.access_logs,
        )
        self._notify(processor, target)

    def _notify(self, processor: lambda_.IFunction, target: Target) -> None:
        permission = lambda_.CfnPermission(
            self,
            "InvokeProcessor",
            action="lambda:InvokeFunction",
            function_name=processor.function_name,
            principal="s3.amazonaws.com",
            source_account=target.account,
            source_arn=target.ingestion_bucket_arn,
        )
        bucket = self.bucket.node.default_child
        assert isinstance(bucket, s3.CfnBucket)  # noqa: S101  # narrows the type, always true
        bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            lambda_configurations=[
                _object_created(suffix, processor.function_arn) for suffix in PROCESSED_SUFFIXES
            ]
        )
        bucket.add_resource_dependency(permission)


def _object_created(suffix: str, function_arn: str) -> s3.CfnBucket.LambdaConfigurationProperty:
    rule = s3.CfnBucket.FilterRuleProperty(name="suffix", value=suffix)
    return s3.CfnBucket.LambdaConfigurationProperty(
        event="s3:ObjectCreated:*",
        function=function_arn,
        filter=s3.CfnBucket.NotificationFilterProperty(
            s3_key=s3.CfnBucket.S3KeyFilterProperty(rules=[rule])
        ),
    )
