"""What a scenario can see of the deployed product, and the data it must never lose."""

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from local.clients import Clients
from local.rehearsal.errors import RehearsalError
from naming import REGIONS

ROWS = [{"sku": "A-1"}, {"sku": "B-2"}, {"sku": "C-3"}]
PATIENCE_S = 60.0
POLL_S = 0.5

Item: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Observed:
    """By region: the digest of the processor's code, and all items as canonical JSON."""

    code: Mapping[str, str]
    items: Mapping[str, frozenset[str]]


def observe(clients: Clients) -> Observed:
    names = {region: clients.outputs(region) for region in REGIONS}
    deployed = {region: found for region, found in names.items() if "ProcessorName" in found}
    return Observed(
        code={
            region: _code(clients, region, each["ProcessorName"])
            for region, each in deployed.items()
        },
        items={
            region: frozenset(map(_canonical, _items(clients, region, each["TableName"])))
            for region, each in deployed.items()
        },
    )


def write(clients: Clients) -> None:
    """Send a file in; return when its records can be read in both regions."""
    names = clients.outputs(REGIONS[0])
    key = f"rehearsal/{uuid.uuid4()}.json"
    body = "\n".join(json.dumps(row) for row in ROWS).encode()
    s3 = clients.client("s3", REGIONS[0])
    s3.put_object(Bucket=names["IngestionBucketName"], Key=key, Body=body)
    deadline = time.monotonic() + PATIENCE_S
    while not all(_is_complete(clients, region, names["TableName"], key) for region in REGIONS):
        if time.monotonic() > deadline:
            raise RehearsalError(f"{key} was not stored in both regions within {PATIENCE_S:.0f} s")
        time.sleep(POLL_S)


def _is_complete(clients: Clients, region: str, table: str, key: str) -> bool:
    items = _items(clients, region, table)
    ours = [item for item in items if item["source"]["M"]["key"]["S"] == key]
    statuses = [item["status"]["S"] for item in ours]
    return sorted(statuses) == [*["ACCEPTED"] * len(ROWS), "COMPLETED"]


def _items(clients: Clients, region: str, table: str) -> list[Item]:
    pages = clients.client("dynamodb", region).get_paginator("scan")
    return [
        {name: value for name, value in item.items() if not name.startswith("aws:rep:")}
        for page in pages.paginate(TableName=table, ConsistentRead=True)
        for item in page["Items"]
    ]


def _canonical(item: Item) -> str:
    return json.dumps(item, sort_keys=True)


def _code(clients: Clients, region: str, function: str) -> str:
    found = clients.client("lambda", region).get_function_configuration(FunctionName=function)
    return str(found["CodeSha256"])
