"""The Python that the functions ran on, from the lines that they logged themselves."""

import json
from collections.abc import Iterable, Iterator, Mapping

import naming
from ops.region import Region
from services.lambda_python import HOW_TO_GET_IT, LAMBDA_PYTHON

FUNCTIONS = (naming.PROCESSOR, naming.LARGE_FILE_WORKER, naming.STREAM_CONSUMER, naming.CANARY)


def functions_python(regions: Iterable[Region], since_ms: int) -> dict[str, list[str]]:
    """Return the versions that each function has logged since then, in any of the regions.

    A function that has not run has none, and is left out.
    """
    logged: dict[str, set[str]] = {}
    for region in regions:
        for name in FUNCTIONS:
            for version in _logged(region, name, since_ms):
                logged.setdefault(name, set()).add(version)
    return {name: sorted(versions) for name, versions in logged.items()}


def sentence(pythons: Mapping[str, Iterable[str]]) -> str:
    """Say which Python the functions ran on and, if it is not Lambda's, how to change that."""
    versions = sorted({version for each in pythons.values() for version in each})
    if not versions:
        return "unknown: no function has logged anything"
    ran = f"the functions ran on {' and '.join(versions)}"
    if all(version.startswith(f"{LAMBDA_PYTHON}.") for version in versions):
        return f"{ran}, as they will on Lambda"
    return f"{ran}, on Lambda they will on {LAMBDA_PYTHON}: {HOW_TO_GET_IT}"


def _logged(region: Region, function: str, since_ms: int) -> Iterator[str]:
    pages = (
        region.client("logs")
        .get_paginator("filter_log_events")
        .paginate(
            logGroupName=f"/aws/lambda/{function}",
            filterPattern='"python"',
            startTime=since_ms,
        )
    )
    for message in (event["message"] for page in pages for event in page["events"]):
        line = json.loads(message) if message.startswith("{") else {}
        if "python" in line:
            yield line["python"]
