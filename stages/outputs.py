from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

import naming
from services.processor.construct import Processor
from services.stream_consumer.construct import StreamConsumer
from stages.ingestion_bucket import IngestionBucket


def outputs(
    *,
    bucket: IngestionBucket,
    table_arn: str,
    stream_arn: str,
    processor: Processor,
    consumer: StreamConsumer,
    topic: sns.ITopic,
    bus: events.IEventBus,
    dashboard: cloudwatch.Dashboard,
    canary_events: sqs.IQueue,
) -> dict[str, str]:
    """What an operator or a tool needs to find a region's resources; the same keys in both."""
    return {
        "IngestionBucketName": bucket.bucket.bucket_name,
        "IngestionBucketArn": bucket.bucket.bucket_arn,
        "AccessLogsBucketName": bucket.access_logs.bucket_name,
        "AccessLogsBucketArn": bucket.access_logs.bucket_arn,
        "TableName": naming.TABLE,
        "TableArn": table_arn,
        "TableStreamArn": stream_arn,
        "ProcessorName": processor.function.function_name,
        "ProcessorArn": processor.function.function_arn,
        "ProcessorDlqName": processor.dlq.queue_name,
        "ProcessorDlqArn": processor.dlq.queue_arn,
        "ProcessorDlqUrl": processor.dlq.queue_url,
        "StreamConsumerName": consumer.function.function_name,
        "StreamConsumerArn": consumer.function.function_arn,
        "StreamConsumerFailuresName": consumer.failures.queue_name,
        "StreamConsumerFailuresArn": consumer.failures.queue_arn,
        "StreamConsumerFailuresUrl": consumer.failures.queue_url,
        "AlertsTopicName": topic.topic_name,
        "AlertsTopicArn": topic.topic_arn,
        "EventBusName": bus.event_bus_name,
        "EventBusArn": bus.event_bus_arn,
        "DashboardName": dashboard.dashboard_name,
        "CanaryEventsName": canary_events.queue_name,
        "CanaryEventsArn": canary_events.queue_arn,
        "CanaryEventsUrl": canary_events.queue_url,
    }
