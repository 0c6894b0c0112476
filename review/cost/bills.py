"""What of each resource type bills: a rule, or the reason why nothing of it does."""

from collections.abc import Mapping

from review.cost import running, storage
from review.cost.use import Rule

RULES: Mapping[str, Rule] = {
    **running.RULES,
    "AWS::DynamoDB::GlobalTable": storage.global_table,
    "AWS::KMS::Key": storage.key,
    "AWS::Logs::LogGroup": storage.log_group,
    "AWS::S3::Bucket": storage.bucket,
    "AWS::S3::MultiRegionAccessPoint": storage.access_point,
}
FREE: Mapping[str, str] = {
    "AWS::CDK::Metadata": "says which constructs a template is made of, and makes nothing",
    "AWS::Events::Rule": "matching is free, and so are targets in the bus's own account",
    "AWS::IAM::ManagedPolicy": "IAM is free",
    "AWS::IAM::Policy": "IAM is free",
    "AWS::IAM::Role": "IAM is free",
    "AWS::KMS::Alias": "a name of a key, which is paid for itself",
    "AWS::Lambda::Alias": "a name of a function, which is paid for itself",
    "AWS::Lambda::EventInvokeConfig": "a setting of a function; its retries are calls like others",
    "AWS::Lambda::Permission": "a part of a function's policy",
    "AWS::S3::BucketPolicy": "a part of a bucket",
    "AWS::S3::MultiRegionAccessPointPolicy": "a part of the access point",
    "AWS::SNS::Subscription": "messages are paid for with their topic",
    "AWS::SNS::TopicPolicy": "a part of a topic",
    "AWS::SQS::QueuePolicy": "a part of a queue",
    "Custom::TableStreamArn": "a call of its function at a deployment that needs it",
}
