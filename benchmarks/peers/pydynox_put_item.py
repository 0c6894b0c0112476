"""pydynox's asynchronous ``put_item``: its core is Rust, as is the SDK below it."""

import asyncio
from pathlib import Path

from pydynox import DynamoDBClient
from pydynox.exceptions import ConditionalCheckFailedException

from benchmarks import measure
from benchmarks.items import CONDITION, Item, items
from benchmarks.job import Job
from benchmarks.peers.in_the_air import for_each


def prepare(job: Job) -> measure.Work:
    client = DynamoDBClient(endpoint_url=job.endpoint, max_retries=9)

    async def put(item: Item) -> None:
        try:
            await client.put_item(
                job.table,
                item,
                condition_expression=CONDITION,
                expression_attribute_values={":precedence": item["precedence"]},
            )
        except ConditionalCheckFailedException:
            return

    def work() -> int:
        return asyncio.run(for_each(items(Path(job.file), job.form, job.origin), put))

    return work


if __name__ == "__main__":
    measure.main(prepare)
