"""boto3's ``Table.batch_writer``: 25 unconditional writes a request."""

from pathlib import Path

import boto3

from benchmarks import measure
from benchmarks.items import items
from benchmarks.job import Job


def prepare(job: Job) -> measure.Work:
    table = boto3.resource("dynamodb").Table(job.table)

    def work() -> int:
        records = 0
        with table.batch_writer() as batch:
            for item in items(Path(job.file), job.form, job.origin):
                batch.put_item(Item=item)
                records += 1
        return records

    return work


if __name__ == "__main__":
    measure.main(prepare)
