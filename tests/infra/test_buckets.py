import pytest

from tests.infra.conftest import Stacks
from tests.infra.stack import Resource, Stack, statements

INGESTION = {
    "us-east-1": "serverless-data-ingestion-prod",
    "us-west-2": "serverless-data-ingestion-dr-prod",
}
ACCESS_LOGS = {
    "us-east-1": "serverless-access-logs-prod",
    "us-west-2": "serverless-access-logs-dr-prod",
}

NOTIFIED = [
    *(".json", ".JSON", ".json.gz", ".JSON.GZ", ".jsonl", ".JSONL", ".jsonl.gz", ".JSONL.GZ"),
    *(".ndjson", ".NDJSON", ".ndjson.gz", ".NDJSON.GZ"),
    *(".csv", ".CSV", ".csv.gz", ".CSV.GZ", ".tsv", ".TSV", ".tsv.gz", ".TSV.GZ"),
]


@pytest.fixture(params=["ingestion", "access logs"])
def bucket(request: pytest.FixtureRequest, stack: Stack) -> Resource:
    names = INGESTION if request.param == "ingestion" else ACCESS_LOGS
    return stack.one("AWS::S3::Bucket", names[stack.region])


@pytest.fixture
def ingestion(stack: Stack) -> Resource:
    return stack.one("AWS::S3::Bucket", INGESTION[stack.region])


def test_a_region_has_its_ingestion_bucket_and_one_for_access_logs(stack: Stack) -> None:
    names = {bucket.name for bucket in stack.all("AWS::S3::Bucket")}

    assert names == {INGESTION[stack.region], ACCESS_LOGS[stack.region]}


def test_a_deployers_suffix_makes_the_bucket_names_their_own(customised: Stacks) -> None:
    names = {
        bucket.name for stack in customised.values() for bucket in stack.all("AWS::S3::Bucket")
    }

    assert names == {
        "serverless-data-ingestion-prod-acme",
        "serverless-data-ingestion-dr-prod-acme",
        "serverless-access-logs-prod-acme",
        "serverless-access-logs-dr-prod-acme",
    }


def test_an_overwritten_object_is_kept(bucket: Resource) -> None:
    assert bucket.properties["VersioningConfiguration"] == {"Status": "Enabled"}


def test_no_version_of_a_producers_file_expires(ingestion: Resource) -> None:
    assert ingestion.properties["LifecycleConfiguration"]["Rules"] == [
        {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}, "Status": "Enabled"},
        # The product's own files: no producer may put any there.
        {
            "ExpirationInDays": 7,
            "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
            "Prefix": "canary/",
            "Status": "Enabled",
        },
    ]


def test_every_version_of_a_file_expires_if_a_deployer_wants_it(
    stack: Stack, expiring: Stacks
) -> None:
    bucket = expiring[stack.region].one("AWS::S3::Bucket", INGESTION[stack.region])

    rule, _of_canary_files = bucket.properties["LifecycleConfiguration"]["Rules"]

    assert "Prefix" not in rule
    assert rule["ExpirationInDays"] == 400
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 400}
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}


def test_access_logs_are_kept_for_a_year(stack: Stack) -> None:
    logs = stack.one("AWS::S3::Bucket", ACCESS_LOGS[stack.region])

    assert logs.properties["LifecycleConfiguration"]["Rules"] == [
        {
            "ExpirationInDays": 365,
            "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
            "Status": "Enabled",
        }
    ]


def test_objects_are_encrypted_by_s3(bucket: Resource) -> None:
    assert bucket.properties["BucketEncryption"]["ServerSideEncryptionConfiguration"] == [
        {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    ]


def test_nothing_can_be_made_public(bucket: Resource) -> None:
    assert bucket.properties["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    assert bucket.properties["OwnershipControls"] == {
        "Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]
    }


def test_a_request_without_tls_is_denied(stack: Stack, bucket: Resource) -> None:
    policy = stack.one("AWS::S3::BucketPolicy", str(bucket))

    denials = [each for each in statements(policy.properties) if each["Effect"] == "Deny"]

    assert denials == [
        {
            "Action": ["s3:*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Resource": [f"{bucket}.Arn", f"{bucket}.Arn/*"],
        }
    ]


def test_a_bucket_outlives_its_stack(bucket: Resource) -> None:
    assert bucket.retained


def test_the_regions_do_not_replicate_objects(bucket: Resource) -> None:
    assert "ReplicationConfiguration" not in bucket.properties


def test_access_to_producers_files_is_logged(stack: Stack, ingestion: Resource) -> None:
    assert ingestion.properties["LoggingConfiguration"] == {
        "DestinationBucketName": f"Bucket({ACCESS_LOGS[stack.region]})"
    }


def test_only_the_ingestion_bucket_of_this_account_writes_access_logs(stack: Stack) -> None:
    logs = f"Bucket({ACCESS_LOGS[stack.region]})"
    policy = stack.one("AWS::S3::BucketPolicy", logs)

    grants = [each for each in statements(policy.properties) if each["Effect"] == "Allow"]

    assert grants == [
        {
            "Action": ["s3:PutObject"],
            "Condition": {
                "ArnLike": {"aws:SourceArn": f"Bucket({INGESTION[stack.region]}).Arn"},
                "StringEquals": {"aws:SourceAccount": stack.account},
            },
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Resource": [f"{logs}.Arn/*"],
        }
    ]


def test_each_new_version_of_a_known_suffix_in_lower_or_upper_case_invokes_the_processor(
    ingestion: Resource,
) -> None:
    notifications = ingestion.properties["NotificationConfiguration"]

    assert notifications["EventBridgeConfiguration"] == {"EventBridgeEnabled": True}
    assert notifications["LambdaConfigurations"] == [
        {
            "Event": "s3:ObjectCreated:*",
            "Filter": {"S3Key": {"Rules": [{"Name": "suffix", "Value": suffix}]}},
            "Function": "Function(serverless-data-processor-prod).Arn",
        }
        for suffix in NOTIFIED
    ]


def test_no_key_matches_two_notifications_because_s3_refuses_such_a_configuration() -> None:
    overlaps = [(a, b) for a in NOTIFIED for b in NOTIFIED if a != b and a.endswith(b)]

    assert overlaps == []


def test_every_other_name_but_a_folder_s_invokes_the_processor_by_an_event(stack: Stack) -> None:
    rule = stack.one("AWS::Events::Rule", "Object Created")

    [target] = rule.properties["Targets"]

    assert "EventBusName" not in rule.properties
    assert rule.properties["EventPattern"] == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": {"name": [f"Bucket({INGESTION[stack.region]})"]},
            "object": {"key": [{"anything-but": {"suffix": [*NOTIFIED, "/"]}}]},
        },
    }
    assert target["Arn"] == "Function(serverless-data-processor-prod).Arn"
    assert target["DeadLetterConfig"] == {"Arn": "Queue(serverless-data-processor-dlq-prod).Arn"}


def test_only_this_bucket_and_its_rule_may_invoke_the_processor(stack: Stack) -> None:
    invoke = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": "Function(serverless-data-processor-prod)",
    }
    permissions = [
        each.properties
        for each in stack.all("AWS::Lambda::Permission")
        if each.properties["FunctionName"] == invoke["FunctionName"]
    ]

    assert permissions == [
        {
            **invoke,
            "Principal": "s3.amazonaws.com",
            "SourceAccount": stack.account,
            "SourceArn": f"arn:aws:s3:::{INGESTION[stack.region]}",
        },
        {
            **invoke,
            "Principal": "events.amazonaws.com",
            "SourceArn": "Rule(Object Created).Arn",
        },
    ]


def test_an_event_that_cannot_be_delivered_may_become_a_dead_letter(stack: Stack) -> None:
    queue = "Queue(serverless-data-processor-dlq-prod)"
    policy = stack.one("AWS::SQS::QueuePolicy", queue)

    senders = [each for each in statements(policy.properties) if each["Effect"] == "Allow"]

    assert [(each["Principal"], each["Condition"], each["Resource"]) for each in senders] == [
        (
            {"Service": "events.amazonaws.com"},
            {"ArnEquals": {"aws:SourceArn": "Rule(Object Created).Arn"}},
            [f"{queue}.Arn"],
        )
    ]


def test_the_bucket_waits_for_the_permission_that_its_notification_needs(
    ingestion: Resource,
) -> None:
    assert f"Permission(arn:aws:s3:::{ingestion.name})" in ingestion.depends_on


def test_the_notification_needs_no_custom_resource(stack: Stack) -> None:
    assert not stack.all("Custom::S3BucketNotifications")
