import naming
from tests.infra.conftest import Stacks
from tests.infra.stack import Stack

BUS = "EventBus(serverless-data-events-prod)"
PROCESSOR = "Function(serverless-data-processor-prod)"
PROCESSOR_DLQ = "Queue(serverless-data-processor-dlq-prod)"
CONSUMER = "Function(serverless-stream-consumer-prod)"
CONSUMER_FAILURES = "Queue(serverless-stream-consumer-failures-prod)"
QUARANTINE = "Queue(serverless-data-processor-quarantine-prod)"
CANARY_EVENTS = "Queue(serverless-canary-events-prod)"
TOPIC = "Topic(serverless-alerts-prod)"
TABLE = "serverless-processed-data-prod"
STREAM = {
    "us-east-1": f"GlobalTable({TABLE}).StreamArn",
    "us-west-2": "TableStreamArn().Table.LatestStreamArn",
}
# One for both regions.
ACCESS_POINT = {
    "us-west-2": {
        "AccessPointName": "serverless-ingestion-prod",
        "AccessPointAlias": "MultiRegionAccessPoint(serverless-ingestion-prod).Alias",
        "AccessPointArn": (
            "arn:aws:s3::000000000000:accesspoint/"
            "MultiRegionAccessPoint(serverless-ingestion-prod).Alias"
        ),
    }
}
LARGE_FILES = {
    "LargeFileWorkerName": "Function(serverless-large-file-worker-prod)",
    "LargeFilesName": "serverless-large-files-prod",
    "LargeFilesArn": "StateMachine(serverless-large-files-prod).Arn",
}
ROLE = {"us-east-1": "", "us-west-2": "-dr"}


def promised(stack: Stack) -> dict[str, str]:
    ingestion = f"Bucket(serverless-data-ingestion{ROLE[stack.region]}-prod)"
    access_logs = f"Bucket(serverless-access-logs{ROLE[stack.region]}-prod)"

    return LARGE_FILES | {
        "IngestionBucketName": ingestion,
        "IngestionBucketArn": f"{ingestion}.Arn",
        "AccessLogsBucketName": access_logs,
        "AccessLogsBucketArn": f"{access_logs}.Arn",
        "TableName": TABLE,
        "TableArn": f"arn:aws:dynamodb:{stack.region}:{stack.account}:table/{TABLE}",
        "TableStreamArn": STREAM[stack.region],
        "StatusIndex": "all",
        "RejectedRowsKeptDays": "0",
        "ProcessorName": PROCESSOR,
        "ProcessorArn": f"{PROCESSOR}.Arn",
        "ProcessorDlqName": f"{PROCESSOR_DLQ}.QueueName",
        "ProcessorDlqArn": f"{PROCESSOR_DLQ}.Arn",
        "ProcessorDlqUrl": PROCESSOR_DLQ,
        "QuarantineName": f"{QUARANTINE}.QueueName",
        "QuarantineArn": f"{QUARANTINE}.Arn",
        "QuarantineUrl": QUARANTINE,
        "StreamConsumerName": CONSUMER,
        "StreamConsumerArn": f"{CONSUMER}.Arn",
        "StreamConsumerFailuresName": f"{CONSUMER_FAILURES}.QueueName",
        "StreamConsumerFailuresArn": f"{CONSUMER_FAILURES}.Arn",
        "StreamConsumerFailuresUrl": CONSUMER_FAILURES,
        "TakeoverMappingId": "EventSourceMapping(Alias(takeover):takeover)",
        "AlertsTopicName": f"{TOPIC}.TopicName",
        "AlertsTopicArn": TOPIC,
        "EventBusName": BUS,
        "EventBusArn": f"{BUS}.Arn",
        "DashboardName": f"Dashboard(serverless-data-ingestion-{stack.region}-prod)",
        "CanaryName": "Function(serverless-canary-prod)",
        "CanaryEventsName": f"{CANARY_EVENTS}.QueueName",
        "CanaryEventsArn": f"{CANARY_EVENTS}.Arn",
        "CanaryEventsUrl": CANARY_EVENTS,
        **ACCESS_POINT.get(stack.region, {}),
        **people(stack.region),
    }


def test_an_operator_finds_every_resource_by_its_key(stack: Stack) -> None:
    assert {**stack.outputs, **promised(stack)} == stack.outputs


def test_both_regions_have_the_same_outputs_but_for_the_access_point(stacks: Stacks) -> None:
    primary, standby = ({*stacks[region].outputs} for region in naming.REGIONS)

    assert standby - primary == {*ACCESS_POINT[naming.STANDBY]}
    assert primary <= standby


def people(region: str) -> dict[str, str]:
    return {
        "OperatorRoleArn": f"Role(serverless-operator-{region}-prod).Arn",
        "ReaderRoleArn": f"Role(serverless-reader-{region}-prod).Arn",
    }


def test_the_events_have_a_bus_of_their_own(stack: Stack) -> None:
    [bus] = stack.all("AWS::Events::EventBus")

    assert bus.name == "serverless-data-events-prod"


def test_no_other_stack_imports_an_output(stack: Stack) -> None:
    assert not [key for key, each in stack.document["Outputs"].items() if "Export" in each]
