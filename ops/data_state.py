"""The data of a region at one moment, in numbers alone: alarms, backlog, the share of bad rows.

The verification of a deployment ends with it, for whoever approves the next step. It needs no more
than CloudWatch, and sees no file and no record.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import naming
from ops import alarms
from ops.region import Region
from ops.status.words import now, span
from services.processor.runtime.attributes import utc_ms

WINDOW = timedelta(hours=24)
PERIOD_S = 900
QUEUES = {
    "files that failed every try": naming.PROCESSOR_DLQ,
    "letters set aside": naming.QUARANTINE,
    "changes that could not be announced": naming.STREAM_CONSUMER_FAILURES,
}
ROWS = ("RowsAccepted", "RowsRejected")


def read(region: Region) -> Mapping[str, Any]:
    """Return the moment as ``at``, and as ``state`` lines with ``about``, ``says`` and ``state``.

    A ``state`` is ``ok``, ``attention``, or ``unknown`` where there is no data.
    """
    at = now()
    answer = region.client("cloudwatch").get_metric_data(
        StartTime=at - WINDOW, EndTime=at, MetricDataQueries=_queries()
    )
    found = {each["Id"]: each["Values"] for each in answer["MetricDataResults"]}
    firing = sorted(alarms.firing(region))
    told = [_line("alarms firing", ", ".join(firing) or "none", attention=bool(firing))]
    for number, about in enumerate(QUEUES):
        waiting = int(next(iter(found.get(f"queue{number}", ())), 0))
        told.append(_line(about, f"{waiting:,}" if waiting else "none", attention=waiting > 0))
    return {"at": utc_ms(at), "state": [*told, _backlog(found), _rejected(found)]}


def _backlog(found: Mapping[str, Sequence[float]]) -> Mapping[str, str]:
    ages_ms = found.get("age", ())
    if not ages_ms:
        return {"about": "changes to announce", "says": "none in a day", "state": "unknown"}
    return _line("changes to announce", f"the consumer is {span(ages_ms[0] / 1000)} behind")


def _rejected(found: Mapping[str, Sequence[float]]) -> Mapping[str, str]:
    accepted, rejected = (sum(found.get(name.lower(), ())) for name in ROWS)
    total = accepted + rejected
    if not total:
        return {"about": "rejected rows", "says": "no rows in a day", "state": "unknown"}
    return _line("rejected rows", f"{rejected / total:.1%} of {total:,.0f} rows in a day")


def _line(about: str, says: str, *, attention: bool = False) -> Mapping[str, str]:
    return {"about": about, "says": says, "state": "attention" if attention else "ok"}


def _queries() -> list[Mapping[str, Any]]:
    queues = [
        _query(
            f"queue{number}", "AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": name}
        )
        for number, name in enumerate(QUEUES.values())
    ]
    rows = [
        _query(name.lower(), naming.METRICS_NAMESPACE, name, {"service": naming.PROCESSOR}, "Sum")
        for name in ROWS
    ]
    age = _query("age", "AWS/Lambda", "IteratorAge", {"FunctionName": naming.STREAM_CONSUMER})
    return [*queues, *rows, age]


def _query(
    id_: str, namespace: str, metric: str, of: Mapping[str, str], statistic: str = "Maximum"
) -> Mapping[str, Any]:
    named = {"Namespace": namespace, "MetricName": metric}
    dimensions = [{"Name": name, "Value": value} for name, value in of.items()]
    stat = {"Metric": {**named, "Dimensions": dimensions}, "Period": PERIOD_S, "Stat": statistic}
    return {"Id": id_, "MetricStat": stat, "ReturnData": True}
