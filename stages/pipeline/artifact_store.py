from aws_cdk import Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

import naming
from stages.storage.private_bucket import private_bucket

ARTIFACTS_KEPT_DAYS = 90


class ArtifactStore(Construct):
    """The pipeline's bucket in one region, with a rotated key that other accounts can use too.

    The bucket has a name and its key an alias, so that the pipeline's stack can refer to both from
    another region without an export.
    """

    def __init__(self, scope: Construct, id_: str, *, region: str, suffix: str) -> None:
        super().__init__(scope, id_)
        self.key = kms.Key(
            self,
            "Key",
            description=f"Encrypts the artifacts of {naming.PIPELINE}",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        alias = kms.Alias(self, "Alias", alias_name=naming.ARTIFACTS_KEY_ALIAS, target_key=self.key)
        access_logs = private_bucket(
            self,
            "AccessLogs",
            name=naming.artifact_logs_bucket(region, suffix),
            lifecycle_rule=_expire(),
        )
        self.bucket = private_bucket(
            self,
            "Bucket",
            name=naming.artifact_bucket(region, suffix),
            lifecycle_rule=_expire(),
            access_logs=access_logs,
            key=alias,
        )


class ArtifactStoreStack(Stack):
    """The artifact store of a region other than the pipeline's."""

    def __init__(
        self, scope: Construct, id_: str, *, account: str, region: str, suffix: str
    ) -> None:
        super().__init__(
            scope,
            id_,
            stack_name=naming.artifact_stack(region),
            env=Environment(account=account, region=region),
            description="Artifacts of the delivery pipeline in another region",
            termination_protection=True,
        )
        self.bucket = ArtifactStore(self, "Artifacts", region=region, suffix=suffix).bucket


def _expire() -> s3.LifecycleRule:
    kept = Duration.days(ARTIFACTS_KEPT_DAYS)
    return s3.LifecycleRule(expiration=kept, noncurrent_version_expiration=kept)
