"""pydynox's asynchronous ``batch_write``: 25 unconditional writes a request."""

import asyncio
from pathlib import Path

from pydynox import DynamoDBClient

from benchmarks import measure
from benchmarks.items import Item, items
from benchmarks.job import Job
from benchmarks.peers.in_the_air import for_each, in_batches

ITEMS_A_CALL = 25
CALLS_AT_ONCE = 10


def prepare(job: Job) -> measure.Work:
    client = DynamoDBClient(endpoint_url=job.endpoint)

    def work() -> int:
        records = 0

        async def write(some: list[Item]) -> None:
            nonlocal records
            await client.batch_write(job.table, put_items=some)
            records += len(some)

        of_the_file = items(Path(job.file), job.form, job.origin)
        asyncio.run(for_each(in_batches(of_the_file, ITEMS_A_CALL), write, CALLS_AT_ONCE))
        return records

    return work


if __name__ == "__main__":
    measure.main(prepare)
