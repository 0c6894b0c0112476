"""The deployed product as a scenario observes it: its code, and data that must not be lost."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import naming
from local.clients import Clients
from local.rehearsal.errors import RehearsalError
from ops import files, items
from ops.region import Region
from ops.waiting import WaitError, wait_for

ROWS = [{"sku": "A-1"}, {"sku": "B-2"}, {"sku": "C-3"}]
LIMIT_S = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Observed:
    """By region: the digest of the processor's code, and all items as canonical JSON."""

    code: Mapping[str, str]
    items: Mapping[str, frozenset[str]]


def observe(clients: Clients) -> Observed:
    """Return the code and the items of the regions that are deployed."""
    deployed = _deployed(clients)
    return Observed(
        code={region.name: _code(region) for region in deployed},
        items={
            region.name: frozenset(
                json.dumps(items.own_attributes(item), sort_keys=True)
                for item in items.stored(region)
            )
            for region in deployed
        },
    )


def write(clients: Clients) -> None:
    """Put a file in the primary region; return when its records can be read in both regions.

    Raises ``RehearsalError`` when they cannot be read in time.
    """
    primary, standby = _deployed(clients)
    body = "\n".join(json.dumps(row) for row in ROWS).encode()
    file = files.put(primary, f"rehearsal/{uuid.uuid4()}.json", body)
    try:
        wait_for(
            lambda: all(_is_complete(region, file.key) for region in (primary, standby)),
            f"the records of {file.key} in both regions",
            limit_s=LIMIT_S,
        )
    except WaitError as error:
        raise RehearsalError(str(error)) from error


def _deployed(clients: Clients) -> list[Region]:
    outputs = {name: clients.outputs(name) for name in naming.REGIONS}
    return [
        Region(clients.session(name), name, found)
        for name, found in outputs.items()
        if "ProcessorName" in found
    ]


def _is_complete(region: Region, key: str) -> bool:
    """Judge by every item that came from the key, whatever its id: there must be no other."""
    stored = items.stored(region, attributes=["status", "source"])
    statuses = [each["status"]["S"] for each in stored if each["source"]["M"]["key"]["S"] == key]
    return sorted(statuses) == [*["ACCEPTED"] * len(ROWS), "COMPLETED"]


def _code(region: Region) -> str:
    configuration = region.client("lambda").get_function_configuration(
        FunctionName=region.processor
    )
    return str(configuration["CodeSha256"])
