"""aiodynamo's ``Client.put_item`` on aiohttp, 100 conditional writes in the air."""

import asyncio
from pathlib import Path

import aiohttp
from aiodynamo.client import Client
from aiodynamo.credentials import Credentials
from aiodynamo.errors import ConditionalCheckFailed
from aiodynamo.expressions import F
from aiodynamo.http.aiohttp import AIOHTTP
from yarl import URL

import naming
from benchmarks import measure
from benchmarks.items import Item, items
from benchmarks.job import Job
from benchmarks.peers.in_the_air import for_each


def prepare(job: Job) -> measure.Work:
    async def write() -> int:
        async with aiohttp.ClientSession() as session:
            credentials = Credentials.auto()
            client = Client(AIOHTTP(session), credentials, naming.PRIMARY, URL(job.endpoint))

            async def put(item: Item) -> None:
                is_newer = F("precedence").does_not_exist() | F("precedence").lt(item["precedence"])
                condition = is_newer & F("correctedBy").does_not_exist()
                try:
                    await client.put_item(job.table, item, condition=condition)
                except ConditionalCheckFailed:
                    return

            return await for_each(items(Path(job.file), job.form, job.origin), put)

    return lambda: asyncio.run(write())


if __name__ == "__main__":
    measure.main(prepare)
