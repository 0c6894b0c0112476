from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct


def private_bucket(
    scope: Construct,
    id_: str,
    *,
    name: str,
    lifecycle_rule: s3.LifecycleRule,
    access_logs: s3.IBucket | None = None,
    key: kms.IKey | None = None,
) -> s3.Bucket:
    """Make a versioned, encrypted, TLS-only bucket that is never public.

    It is encrypted with ``key``, or with S3's own key if none is given. It outlives its stack, but
    a failed first deployment deletes the empty bucket, which frees the name again.
    """
    return s3.Bucket(
        scope,
        id_,
        bucket_name=name,
        versioned=True,
        encryption=s3.BucketEncryption.KMS if key else s3.BucketEncryption.S3_MANAGED,
        encryption_key=key,
        bucket_key_enabled=True if key else None,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=True,
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        lifecycle_rules=[lifecycle_rule],
        server_access_logs_bucket=access_logs,
    )
