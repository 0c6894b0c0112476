"""The questions that are put to each region by itself; each is one or two calls of AWS.

A probe returns what it found and lets errors of AWS through: ``reasons.py`` has the words for them.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import naming
from ops import queues
from ops.region import Region
from ops.status.lines import Answer, attention, ok, unknown
from ops.status.outputs import output
from ops.status.words import now, several

Probe = Callable[[Region], Answer]

# What failed longer ago has been seen, or nobody looks any more.
RECENT = timedelta(hours=24)
_MOST_EXECUTIONS = 20
_MOST_NAMED = 4


def table(region: Region) -> Answer:
    """Tell whether the table and the peer's replica of it are active."""
    found = region.client("dynamodb").describe_table(TableName=region.table)["Table"]
    replicas = {each["RegionName"]: each for each in found.get("Replicas", ())}
    peer = naming.peer(region.name)
    if found["TableStatus"] not in ("ACTIVE", "UPDATING"):
        return attention(f"the table is {found['TableStatus']}", _describe(region))
    if peer not in replicas:
        return unknown(f"the table lists no replica in {peer}", _describe(region))
    status = replicas[peer].get("ReplicaStatus", "without a status")
    if status not in ("ACTIVE", "UPDATING"):
        return attention(f"the replica in {peer} is {status}", _describe(region))
    return ok(f"active, and so is the replica in {peer}")


def recovery(region: Region) -> Answer:
    """Tell whether the table can be restored to a point in time, and how far back."""
    answer = region.client("dynamodb").describe_continuous_backups(TableName=region.table)
    found = answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    if found.get("PointInTimeRecoveryStatus") != "ENABLED":
        return attention(
            "off: the table cannot be restored to an earlier point",
            f"ops restore-check --region {region.name}",
        )
    earliest = found.get("EarliestRestorableDateTime")
    return ok(f"on, back to {earliest:%Y-%m-%d %H:%M} UTC" if earliest else "on")


def dead_letters(region: Region) -> Answer:
    """Tell how many files' events failed every try of the processor."""
    return _depth(region, "ProcessorDlqUrl", "ops redrive")


def stream_failures(region: Region) -> Answer:
    """Tell how many batches of changes could not be announced."""
    return _depth(region, "StreamConsumerFailuresUrl", "ops redrive")


def quarantine(region: Region) -> Answer:
    """Tell how many letters are set aside for a person."""
    return _depth(region, "QuarantineUrl", "ops quarantine list")


def _depth(region: Region, url: str, command: str) -> Answer:
    found = queues.depth(region, output(region, url))
    counts = {"waiting": found.visible, "held by somebody": found.hidden}
    if not any(counts.values()):
        return ok("none")
    said = ", ".join(f"{count:,} {words}" for words, count in counts.items() if count)
    return attention(said, f"{command} --region {region.name}")


def stream_mapping(region: Region) -> Answer:
    """Tell whether the stream consumer reads the region's stream, and how its last batch went."""
    answer = region.client("lambda").list_event_source_mappings(
        FunctionName=output(region, "StreamConsumerName")
    )
    mappings = [each for each in answer["EventSourceMappings"] if _is_of_the_function(each)]
    if not mappings:
        return attention("none: no change is announced", f"ops drift {naming.stack(region.name)}")
    states = {each["State"] for each in mappings}
    if states != {"Enabled"}:
        return attention(
            f"{', '.join(sorted(states))}: no change is announced",
            f"aws lambda update-event-source-mapping --region {region.name}"
            f" --uuid {mappings[0]['UUID']} --enabled",
        )
    last = str(mappings[0].get("LastProcessingResult", ""))
    if last.startswith("PROBLEM"):
        log = f"/aws/lambda/{output(region, 'StreamConsumerName')}"
        return attention(last, f"aws logs tail --region {region.name} {log} --since 15m")
    return ok("reads the stream")


def takeover(region: Region) -> Answer:
    """Tell whether the region also announces its peer's changes."""
    peer = naming.peer(region.name)
    mapping = region.client("lambda").get_event_source_mapping(
        UUID=output(region, "TakeoverMappingId")
    )
    if mapping["State"] == "Disabled":
        return ok("off")
    return attention(
        f"{mapping['State']}: {region.name} also announces the changes of {peer}",
        f"ops takeover off --region {region.name}",
    )


def executions(region: Region) -> Answer:
    """Tell what the machine for large files is doing, and what it failed at in the last day."""
    machine = output(region, "LargeFilesArn")
    list_them = region.client("stepfunctions").list_executions
    running = list_them(
        stateMachineArn=machine, statusFilter="RUNNING", maxResults=_MOST_EXECUTIONS
    )
    since = now() - RECENT
    failed = [
        each
        for status in ("FAILED", "TIMED_OUT", "ABORTED")
        for each in list_them(
            stateMachineArn=machine, statusFilter=status, maxResults=_MOST_EXECUTIONS
        )["executions"]
        if each["stopDate"] >= since
    ]
    at_work = several(len(running["executions"]), _MOST_EXECUTIONS, "running")
    if failed:
        worst = failed[0]
        return attention(
            f"{len(failed)} failed in the last 24 hours, {at_work}; the newest: {worst['name']}",
            f"ops items SUSPENDED --region {region.name}",
        )
    return ok(f"{at_work}, none failed in the last 24 hours")


def alarms(region: Region) -> Answer:
    """Tell which alarms are firing; one that has no data says nothing."""
    pages = (
        region.client("cloudwatch")
        .get_paginator("describe_alarms")
        .paginate(AlarmNamePrefix=naming.PREFIX)
    )
    found = [alarm for page in pages for alarm in page["MetricAlarms"]]
    ringing = [alarm for alarm in found if alarm["StateValue"] == "ALARM"]
    firing = sorted(alarm["AlarmName"] for alarm in ringing)
    silent = [alarm for alarm in found if alarm["StateValue"] == "INSUFFICIENT_DATA"]
    if firing:
        more = f" and {len(firing) - _MOST_NAMED} more" if len(firing) > _MOST_NAMED else ""
        return attention(
            f"{len(firing)} of {len(found)} firing: {', '.join(firing[:_MOST_NAMED])}{more}",
            _command_of(min(ringing, key=lambda alarm: str(alarm["AlarmName"])), region),
        )
    if not found:
        return unknown("there are none", f"ops drift {naming.stack(region.name)}")
    if silent:
        return unknown(f"{len(silent)} of {len(found)} have no data")
    return ok(f"none of {len(found)} firing")


PROBES: Mapping[str, Probe] = {
    "dead letters": dead_letters,
    "quarantine": quarantine,
    "stream failures": stream_failures,
    "stream mapping": stream_mapping,
    "peer takeover": takeover,
    "large files": executions,
    "alarms": alarms,
    "table": table,
    "recovery": recovery,
}
# The services whose clients the probes use.
SERVICES = ("sqs", "lambda", "stepfunctions", "cloudwatch", "dynamodb")


def _is_of_the_function(mapping: Mapping[str, Any]) -> bool:
    """Return whether a mapping calls the function itself; that of the takeover calls an alias."""
    return not str(mapping["FunctionArn"]).endswith(f":{naming.TAKEOVER_ALIAS}")


def _command_of(alarm: Mapping[str, Any], region: Region) -> str:
    """Return the command that an alarm's own text says to run."""
    lines = str(alarm.get("AlarmDescription", "")).splitlines()
    found = [line.removeprefix("Run: ") for line in lines if line.startswith("Run: ")]
    asking = f"aws cloudwatch describe-alarms --region {region.name} --state-value ALARM"
    return found[0] if found else asking


def _describe(region: Region) -> str:
    return f"aws dynamodb describe-table --region {region.name} --table-name {region.table}"
