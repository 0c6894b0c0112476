"""boto3's ``Table.put_item``, one conditional write after the other."""

from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from benchmarks import measure
from benchmarks.items import CONDITION, items
from benchmarks.job import Job


def prepare(job: Job) -> measure.Work:
    # As for the other SDKs here; the default gives up sooner.
    config = Config(retries={"mode": "standard", "total_max_attempts": 10})
    table = boto3.resource("dynamodb", config=config).Table(job.table)

    def work() -> int:
        records = 0
        for item in items(Path(job.file), job.form, job.origin):
            try:
                table.put_item(
                    Item=item,
                    ConditionExpression=CONDITION,
                    ExpressionAttributeValues={":precedence": item["precedence"]},
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
            records += 1
        return records

    return work


if __name__ == "__main__":
    measure.main(prepare)
