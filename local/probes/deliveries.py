"""What S3 and EventBridge still accept and deliver that AWS refuses."""

import json

from botocore.exceptions import ClientError

from local.clients import Clients
from local.probes.trial import FAILING, PATIENT_S, REGION, trial

# Answers with the code that reading an object ended with that is not in the bucket.
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
    with trial(clients) as on:
        s3, bucket = on.client("s3"), on.bucket()
        on.function(FAILING)
        arn = f"arn:aws:lambda:{REGION}:000000000000:function:{on.name}"
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
    with trial(clients) as on:
        bucket, function = on.bucket(), on.function(READING)
        on.allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*")
        answer = on.client("lambda").invoke(FunctionName=function, Payload=json.dumps(bucket))
        return bool(json.loads(answer["Payload"].read()) == "NoSuchKey")


def ranges_of_versions_are_ignored(clients: Clients) -> bool:
    with trial(clients) as on:
        s3, bucket = on.client("s3"), on.bucket()
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        where = {"Bucket": bucket, "Key": "probe"}
        version = s3.put_object(**where, Body=b"0123456789")["VersionId"]
        answer = s3.get_object(**where, VersionId=version, Range="bytes=5-")
        s3.delete_object(**where, VersionId=version)
        return bool(answer["ContentLength"] != len(b"56789"))


def rules_ignore_queue_policies(clients: Clients) -> bool:
    with trial(clients) as on:
        url, arn = on.queue()
        events = on.client("events")
        events.put_rule(Name=on.name, EventPattern=json.dumps({"source": [on.name]}))
        events.put_targets(Rule=on.name, Targets=[{"Id": "queue", "Arn": arn}])
        events.put_events(Entries=[{"Source": on.name, "DetailType": "probe", "Detail": "{}"}])
        delivered = on.message(url, PATIENT_S) is not None
        events.remove_targets(Rule=on.name, Ids=["queue"])
        events.delete_rule(Name=on.name)
        return delivered


def malformed_events_are_accepted(clients: Clients) -> bool:
    entry = {"Source": "probe", "DetailType": "probe", "Detail": "not JSON"}
    answer = clients.client("events", REGION).put_events(Entries=[entry])
    return bool(answer["FailedEntryCount"] == 0)
