"""Probes of S3 and EventBridge: requests and deliveries that AWS would reject."""

import json

from botocore.exceptions import ClientError

from local.aws_isolation import ACCOUNT
from local.clients import Clients
from local.probes.scratch_resources import ABSENCE_S, FAILING, sandbox
from naming import PRIMARY

# Returns the error code of reading an object that does not exist.
READING = """
import boto3
from botocore.exceptions import ClientError
def handler(bucket, context):
    try:
        boto3.client("s3").get_object(Bucket=bucket, Key="absent")
    except ClientError as error:
        return error.response["Error"]["Code"]
"""


def notifications_need_no_permission(clients: Clients) -> bool:
    with sandbox(clients) as box:
        s3, bucket = box.client("s3"), box.bucket()
        box.function(FAILING)
        arn = f"arn:aws:lambda:{PRIMARY}:{ACCOUNT}:function:{box.name}"
        target = {"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}
        try:
            s3.put_bucket_notification_configuration(
                Bucket=bucket,
                NotificationConfiguration={"LambdaFunctionConfigurations": [target]},
            )
        except ClientError:
            return False
        return True


def absent_objects_are_admitted(clients: Clients) -> bool:
    with sandbox(clients) as box:
        bucket, function = box.bucket(), box.function(READING)
        box.allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*")
        answer = box.client("lambda").invoke(FunctionName=function, Payload=json.dumps(bucket))
        return bool(json.loads(answer["Payload"].read()) == "NoSuchKey")


def ranges_of_versions_are_ignored(clients: Clients) -> bool:
    with sandbox(clients) as box:
        s3, bucket = box.client("s3"), box.bucket()
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        where = {"Bucket": bucket, "Key": "probe"}
        version = s3.put_object(**where, Body=b"0123456789")["VersionId"]
        answer = s3.get_object(**where, VersionId=version, Range="bytes=5-")
        s3.delete_object(**where, VersionId=version)
        return bool(answer["ContentLength"] != len(b"56789"))


def events_of_new_objects_name_no_version(clients: Clients) -> bool:
    with sandbox(clients) as box:
        s3, bucket, (url, arn) = box.client("s3"), box.bucket(), box.queue()
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        events = box.client("events")
        pattern = {"detail-type": ["Object Created"], "detail": {"bucket": {"name": [bucket]}}}
        events.put_rule(Name=box.name, EventPattern=json.dumps(pattern))
        events.put_targets(Rule=box.name, Targets=[{"Id": "queue", "Arn": arn}])
        version = s3.put_object(Bucket=bucket, Key="probe", Body=b"")["VersionId"]
        event = json.loads(box.message(url, ABSENCE_S) or "{}")
        events.remove_targets(Rule=box.name, Ids=["queue"])
        events.delete_rule(Name=box.name)
        s3.delete_object(Bucket=bucket, Key="probe", VersionId=version)
        return "version-id" not in event["detail"]["object"]


def rules_ignore_queue_policies(clients: Clients) -> bool:
    with sandbox(clients) as box:
        url, arn = box.queue()
        events = box.client("events")
        events.put_rule(Name=box.name, EventPattern=json.dumps({"source": [box.name]}))
        events.put_targets(Rule=box.name, Targets=[{"Id": "queue", "Arn": arn}])
        events.put_events(Entries=[{"Source": box.name, "DetailType": "probe", "Detail": "{}"}])
        delivered = box.message(url, ABSENCE_S) is not None
        events.remove_targets(Rule=box.name, Ids=["queue"])
        events.delete_rule(Name=box.name)
        return delivered


def malformed_events_are_accepted(clients: Clients) -> bool:
    entry = {"Source": "probe", "DetailType": "probe", "Detail": "not JSON"}
    answer = clients.client("events", PRIMARY).put_events(Entries=[entry])
    return bool(answer["FailedEntryCount"] == 0)
