"""Faults for a local cloud: what ``local.emulator_faults`` does, asked for from outside."""

import json
import ssl
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import naming
from local.cloud import Cloud
from local.cloud_state import StateFolder
from local.emulator_faults.schedule import RUN, Fault, Rule

LIMIT_S = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """What has happened so far.

    ``calls`` and ``deliveries`` say how often each rule of the plan has applied; ``held`` how many
    writes of a region are held and how old the oldest is; ``writes`` how many a release or a loss
    concerned.
    """

    calls: list[int] = field(default_factory=list)
    deliveries: list[int] = field(default_factory=list)
    held: dict[str, dict[str, float]] = field(default_factory=dict)
    writes: int = 0


class Faults:
    """The faults of one running local cloud; there are none until somebody asks for some."""

    def __init__(self, cloud: Cloud) -> None:
        path = StateFolder(cloud.state_dir).faults.read_text()
        self._url = cloud.endpoint + path
        self._trust = ssl.create_default_context(cafile=str(cloud.ca_bundle))

    def plan(
        self, *, seed: int = 0, calls: Sequence[Rule] = (), deliveries: Sequence[Rule] = ()
    ) -> Status:
        """Let calls and deliveries meet these rules, in place of all earlier ones.

        What hangs or is held because of an earlier plan goes on.
        """
        rules = {
            name: [asdict(rule) for rule in each]
            for name, each in (("calls", calls), ("deliveries", deliveries))
        }
        return self.ask(command="plan", seed=seed, **rules)

    def clear(self) -> Status:
        """End all faults; what was held is released, in both regions."""
        self.plan()
        self.fail_creation("")
        for region in naming.REGIONS:
            self.release(region)
        return self.status()

    def hold(self, region: str) -> Status:
        """Hold the replication of what is written in ``region``."""
        return self.ask(command="hold", region=region)

    def release(self, region: str) -> Status:
        """Replicate what was held of ``region``, and hold no longer."""
        return self.ask(command="release", region=region)

    def lose(self, region: str) -> Status:
        """Lose what is held of ``region`` for good, as when the region never comes back."""
        return self.ask(command="lose", region=region)

    def fail_creation(self, logical_id: str) -> Status:
        """Let the resource with this id fail in every stack that is created; an empty one, none."""
        return self.ask(command="create", failing_at=logical_id)

    def status(self) -> Status:
        return self.ask(command="status")

    def lose_region(self, region: str, fault: Fault = Fault.RESET) -> Status:
        """Let a region be gone: calls meet ``fault``, functions stand still, nothing is replicated.

        ``clear`` brings it back, with everything that waited there.
        """
        for each in naming.REGIONS:
            self.hold(each)
        gone = [Rule(fault=fault, region=region)]
        still = [Rule(fault=Fault.HELD, region=region, service=RUN)]
        return self.plan(calls=gone, deliveries=still)

    def ask(self, **request: Any) -> Status:
        """Send an order as ``local.emulator_faults.control`` takes it."""
        body = json.dumps(request).encode()
        asked = urllib.request.Request(self._url, body, method="POST")  # noqa: S310  # loopback
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=self._trust)
        )
        with opener.open(asked, timeout=LIMIT_S) as answer:
            return Status(**json.load(answer))


@contextmanager
def faulty(
    cloud: Cloud, *, seed: int = 0, calls: Sequence[Rule] = (), deliveries: Sequence[Rule] = ()
) -> Iterator[Faults]:
    """Let calls and deliveries meet rules until the block ends."""
    faults = Faults(cloud)
    faults.plan(seed=seed, calls=calls, deliveries=deliveries)
    try:
        yield faults
    finally:
        faults.clear()
