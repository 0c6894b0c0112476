from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from services.target import Target

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
        self.access_logs = self._private_bucket(
            "AccessLogs",
            target.access_logs_bucket,
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=Duration.days(ACCESS_LOGS_KEPT_DAYS),
                    noncurrent_version_expiration=Duration.days(1),
                )
            ],
        )
        self.bucket = self._private_bucket(
            "Bucket",
            target.ingestion_bucket,
            server_access_logs_bucket=self.access_logs,
            lifecycle_rules=[
                s3.LifecycleRule(
                    abort_incomplete_multipart_upload_after=Duration.days(
                        UNFINISHED_UPLOADS_KEPT_DAYS
                    )
                )
            ],
        )
        self._notify(processor, target)

    def _private_bucket(
        self,
        id_: str,
        name: str,
        *,
        lifecycle_rules: list[s3.LifecycleRule],
        server_access_logs_bucket: s3.IBucket | None = None,
    ) -> s3.Bucket:
        return s3.Bucket(
            self,
            id_,
            bucket_name=name,
            versioned=True,
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            # A first deployment that fails deletes its empty bucket, which frees the name again.
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
            lifecycle_rules=lifecycle_rules,
            server_access_logs_bucket=server_access_logs_bucket,
        )

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
