"""What failures leave behind for operators: letters of files, and of batches that were given up."""

import json
from typing import Any, NamedTuple

from ops import queues
from tests.e2e.site import Site, Upload


def empty(site: Site) -> None:
    """Remove every letter of a file, the quarantined ones included."""
    for url in (site.dead_letters_url, site.quarantine_url):
        for message in queues.read_all(site, url):
            queues.remove(site, url, message)


class Place(NamedTuple):
    """A place in the stream of a region's table, which has one shard."""

    stream_arn: str
    shard_id: str
    iterator: str


def end_of_stream(site: Site) -> Place:
    """Return the place after all changes so far: other tests have made very many."""
    streams = site.client("dynamodbstreams")
    table = site.client("dynamodb").describe_table(TableName=site.table)["Table"]
    arn = table["LatestStreamArn"]
    [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="LATEST"
    )["ShardIterator"]
    return Place(arn, shard["ShardId"], iterator)


def failure(site: Site, upload: Upload, place: Place) -> dict[str, Any]:
    """Return Lambda's message about a batch that spans all changes of a file since a place."""
    streams, iterator = site.client("dynamodbstreams"), place.iterator
    numbers = []
    while page := (answer := streams.get_records(ShardIterator=iterator))["Records"]:
        numbers += [
            each["dynamodb"]["SequenceNumber"]
            for each in page
            if json.dumps(upload.key) in json.dumps(each["dynamodb"].get("NewImage"))
        ]
        iterator = answer["NextShardIterator"]
    return {
        "requestContext": {"condition": "RetryAttemptsExhausted", "functionArn": "any"},
        "DDBStreamBatchInfo": {
            "shardId": place.shard_id,
            "startSequenceNumber": numbers[0],
            "endSequenceNumber": numbers[-1],
            "approximateArrivalOfFirstRecord": upload.timestamp,
            "approximateArrivalOfLastRecord": upload.timestamp,
            "batchSize": 100,
            "streamArn": place.stream_arn,
        },
    }


def leave_everything(site: Site, folder: str) -> None:
    """Leave a batch to announce, letters that cannot succeed, and a file that has lost a row.

    All of them are of files below ``folder``, of the dataset without a contract.
    """
    place = end_of_stream(site)
    whole = site.put(f"{folder}whole.json", b'[{"number": 1}, {"number": 2}]')
    site.await_status(whole, "COMPLETED")
    body = json.dumps(failure(site, whole, place))
    site.client("sqs").send_message(QueueUrl=site.stream_failures_url, MessageBody=body)
    with site.silent():
        broken = site.put(f"{folder}broken.json", b'[{"number": 1}, {"num')
    event = broken.event()
    without_version = json.loads(json.dumps(event))
    del without_version["Records"][0]["s3"]["object"]["versionId"]
    for each in (event, without_version):
        letter = json.dumps({"requestPayload": each})
        site.client("sqs").send_message(QueueUrl=site.dead_letters_url, MessageBody=letter)
    site.delete((f"{whole.id}.000000001", whole.timestamp))
