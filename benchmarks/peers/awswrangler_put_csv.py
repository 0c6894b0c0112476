"""awswrangler's ``dynamodb.put_csv``: each cell is stored as the text or number pandas reads."""

from pathlib import Path

import awswrangler as wr

from benchmarks import measure
from benchmarks.job import Job


def prepare(job: Job) -> measure.Work:
    def work() -> int:
        # An empty cell is a float to pandas, which DynamoDB does not take, so all are texts.
        wr.dynamodb.put_csv(path=job.file, table_name=job.table, dtype=str, keep_default_na=False)
        with Path(job.file).open("rb") as lines:
            return sum(1 for _ in lines) - 1

    return work


if __name__ == "__main__":
    measure.main(prepare)
