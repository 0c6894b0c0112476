"""Faults of what the emulator delivers to functions: notifications, events, stream batches."""

import importlib
import random
import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from local.emulator_faults.schedule import ASYNCHRONOUS, RUN, STREAM, Fault, Met, Place, Schedule

Run = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]
NOT_RUN = {"error": True, "body": {"errorType": "Held", "errorMessage": "the function is held"}}


class FaultyDeliveries:
    """Lets deliveries meet the faults of ``schedule``, which may be exchanged at any time."""

    def __init__(self) -> None:
        self.schedule = Schedule()
        self._changed = threading.Condition()
        emulator: Any = importlib.import_module("ministack.services.lambda_svc")
        self._deliver: Callable[..., None] = emulator.invoke_async_with_retry
        self._run: Run = emulator._execute_function  # noqa: SLF001
        emulator.invoke_async_with_retry = self.deliver
        emulator._execute_function = self.run  # noqa: SLF001

    def follow(self, schedule: Schedule) -> None:
        """Decide by another schedule from now on; functions that are held run."""
        with self._changed:
            self.schedule = schedule
            self._changed.notify_all()

    def deliver(self, function: dict[str, Any], event: dict[str, Any]) -> None:
        """Deliver an asynchronous event: once, twice, or later than others."""
        met = self.schedule and self.schedule.fault(_place(ASYNCHRONOUS, function))
        match met and met.rule.fault:
            case Fault.DOUBLED:
                self._deliver(function, event)
                self._deliver(function, event)
            case Fault.DELAYED if met:
                wait_s = met.rule.seconds * met.luck
                threading.Timer(wait_s, self._deliver, (function, event)).start()
            case _:
                self._deliver(function, event)

    def run(self, function: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
        """Run a function when it is not held; a stream's batch twice, or in another order.

        One thread reads all streams, so a held function's batch fails, to be tried again.
        """
        if not self.schedule:
            return self._run(function, event)
        is_stream = _is_stream(event)
        while self._is_held(function):
            if is_stream:
                return NOT_RUN
            with self._changed:
                self._changed.wait(timeout=1.0)
        met = self.schedule.fault(_place(STREAM, function)) if is_stream else None
        return self._run_batch(function, event, met) if met else self._run(function, event)

    def _run_batch(
        self, function: dict[str, Any], event: dict[str, Any], met: Met
    ) -> dict[str, Any]:
        match met.rule.fault:
            case Fault.DOUBLED:
                self._run(function, event)
            case Fault.REORDERED:
                event = {**event, "Records": reordered(event["Records"], met.luck)}
        return self._run(function, event)

    def _is_held(self, function: dict[str, Any]) -> bool:
        met = self.schedule.fault(_place(RUN, function))
        return met is not None and met.rule.fault == Fault.HELD


def reordered(records: list[dict[str, Any]], luck: float) -> list[dict[str, Any]]:
    """Return a stream's records in another order, those of one item in their own.

    A stream promises no more than that; a batch of ten lanes has no other order either.
    """
    keys = [repr(record["dynamodb"]["Keys"]) for record in records]
    waiting = defaultdict(list)
    for key, record in zip(reversed(keys), reversed(records), strict=True):
        waiting[key].append(record)
    random.Random(luck).shuffle(keys)  # noqa: S311
    return [waiting[key].pop() for key in keys]


def _is_stream(event: Any) -> bool:
    records = event.get("Records") if isinstance(event, dict) else None
    first = records[0] if isinstance(records, list) and records else {}
    return isinstance(first, dict) and first.get("eventSource") == "aws:dynamodb"


def _place(way: str, function: dict[str, Any]) -> Place:
    configuration = function.get("config") or function
    region = configuration["FunctionArn"].split(":")[3]
    return Place(region, way, configuration["FunctionName"])
