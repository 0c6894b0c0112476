"""A cloud with queues, a ledger and a processor that does as it is told."""

import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from naming import PRIMARY
from ops.dead_letters import Event, object_refs
from ops.region import Region
from services.processor.runtime.intake.event import ObjectRef
from tests.unit.ops.redriving.fake_sqs import FakeSqs

DEAD, FAILURES, QUARANTINE = "dead", "failures", "quarantine"
OUTPUTS = {
    "ProcessorDlqUrl": DEAD,
    "StreamConsumerFailuresUrl": FAILURES,
    "QuarantineUrl": QUARANTINE,
    "TableName": "records",
    "ProcessorName": "processor",
    "StreamConsumerName": "consumer",
}

# What one run does with a file: the status it gets, a code, and how many rows it reads.
Step = tuple[str, str, int]
COMPLETES: Step = ("COMPLETED", "", 3)
BREAKS: Step = ("FAILED", "TRUNCATED_JSON", 0)
STOPS: Step = ("SUSPENDED", "OUT_OF_TIME", 0)
ADVANCES: Step = ("SUSPENDED", "OUT_OF_TIME", 5)
HANDED_OVER: Step = ("SUSPENDED", "", 5)
UNREACHABLE: Step = ("", "SOURCE_UNAVAILABLE", 0)


def event(*keys: str) -> Event:
    """Return a notification of S3 of one version of each key."""
    return {"Records": [record(key) for key in keys]}


def record(key: str) -> dict[str, Any]:
    named = {"bucket": {"name": "incoming"}, "object": {"key": key, "versionId": "v1"}}
    return {"eventTime": "2026-11-02T03:04:05.678Z", "s3": named}


class FakeCloud(FakeSqs):
    """A client of every service; ``plans`` are the steps of each file, the last one repeated."""

    def __init__(self, plans: Mapping[str, Sequence[Step]] | None = None) -> None:
        super().__init__(DEAD, FAILURES, QUARANTINE)
        self.plans = {key: list(steps) for key, steps in (plans or {}).items()}
        self.ledger: dict[str, dict[str, Any]] = {}
        self.invocations: list[Any] = []
        self.refusals: list[Exception] = []  # raised by the next invocations

    def client(self, *_: object, **__: object) -> "FakeCloud":
        return self

    @property
    def region(self) -> Region:
        return Region(self, PRIMARY, OUTPUTS)

    @property
    def statuses(self) -> Counter[str]:
        """Return how many files have each status."""
        return Counter(entry["status"]["S"] for entry in self.ledger.values())

    def get_paginator(self, operation: str) -> "FakeCloud":
        assert operation == "query"
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:  # noqa: ANN401  # as boto3
        def act() -> list[dict[str, Any]]:
            found = self.ledger.get(asked["ExpressionAttributeValues"][":id"]["S"])
            return [{"Items": [found] if found else []}]

        return self.called(act)

    def invoke(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401  # as boto3
        def act() -> dict[str, Any]:
            if self.refusals:
                raise self.refusals.pop(0)
            sent = json.loads(asked["Payload"])
            self.invocations.append(sent)
            named = object_refs(sent)
            problems = [self._process(each) for each in named if isinstance(each, ObjectRef)]
            problems += ["not an event" for each in named if not isinstance(each, ObjectRef)]
            said = next(filter(None, problems), "")
            if not said:
                return {"Payload": io.BytesIO(b"null")}
            body = json.dumps({"errorMessage": said}).encode()
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(body)}

        return self.called(act)

    def _process(self, ref: ObjectRef) -> str:
        """Take the file's next step as the processor does; return what went wrong."""
        entry = self.ledger.get(ref.file_id, {})
        if entry.get("status") == {"S": "COMPLETED"}:
            return ""
        steps = self.plans[ref.key]
        status, code, rows = steps.pop(0) if len(steps) > 1 else steps[0]
        if status:
            read = int(entry.get("rowsRead", {"N": "0"})["N"]) + rows
            failure = {"code": {"S": code}, "message": {"S": f"row {read} of {ref.key}"}}
            self.ledger[ref.file_id] = {
                "recordId": {"S": ref.file_id},
                "timestamp": {"S": "2026-11-02T03:04:05.000Z"},
                "status": {"S": status},
                "rowsRead": {"N": str(read)},
                **({"failure": {"M": failure}} if code else {}),
            }
        return f"{code}: {ref.key}" if code else ""
