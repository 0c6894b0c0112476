"""A drill on a real deployment: a planned failover and failback, with uploads all the time.

Only moves that change nothing for good are made, and only files below ``drill/`` are put, which
belong to no dataset that anybody listens to. What is found is judged by ``drill``, which shares no
code with the product. Regions are never cut off here: docs/drill.md has what can be done for that.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

import naming
from drill import judgement, oracle, reading
from drill.judgement import Findings, Rpo
from drill.traffic import PlainTraffic, Upload
from ops import access_point, failover, object_versions
from ops.access_point import AccessPoint, dial_to
from ops.deployment import Deployment
from ops.errors import RefusedError
from ops.failover import Move
from ops.region import Region
from ops.waiting import find_within

QUIET = timedelta(hours=1)
OWN_PREFIXES = ("drill/", "canary/")
UPLOADS_A_STEP = 3
SETTLING_S, POLL_S = 600.0, 5.0
Tell = Callable[[str], None]


@dataclass(kw_only=True)
class Drill:
    """A drill under way; ``tell`` is called with everything that happens."""

    deployment: Deployment
    reason: str
    seed: int
    tell: Tell
    began_s: float = field(default_factory=time.monotonic)
    run: str = field(default_factory=lambda: f"{int(time.time()):x}")
    timeline: list[dict[str, Any]] = field(default_factory=list)
    rto_s: float | None = None

    def __post_init__(self) -> None:
        self.traffic = PlainTraffic(self.run, "moves", self.seed)
        self.refusals = 0
        through = self.deployment.region(naming.STANDBY)
        self.point: AccessPoint = access_point.find(self.deployment, through)

    def play(self) -> dict[str, Any]:
        """Move the traffic away and back under uploads; return the report of ``drill.json``.

        Raises:
            RefusedError, FindingError: a move stopped; ``ops failback`` brings the traffic back.

        """
        started = datetime.now(UTC).isoformat(timespec="seconds")
        self.note("uploads begin")
        self._send()
        self._move("FAILOVER", naming.STANDBY)
        self._send()
        self._move("FAILBACK", naming.PRIMARY)
        self._send()
        scenario = self._result(self._settle())
        return {"started": started, "seed": self.seed, "scenarios": [scenario]}

    def _result(self, findings: Findings) -> dict[str, Any]:
        complaints = [*findings.misses, *judgement.slow(self.rto_s, Rpo())]
        return {
            "name": "planned-moves",
            "about": "Move the uploads to the standby and back, on a real deployment.",
            "verdict": "missed" if complaints else "met",
            "complaints": complaints,
            "seconds": round(time.monotonic() - self.began_s, 1),
            "timeline": self.timeline,
            "rto_s": self.rto_s,
            "rpo": asdict(Rpo()),
            "uploads": {
                "acknowledged": sum(each.acknowledged_at is not None for each in self._uploads),
                "rows": sum(len(each.rows) for each in self._uploads),
                "refusals": self.refusals,
            },
            **judgement.as_json(findings),
        }

    def note(self, what: str) -> float:
        """Put what happens now on the timeline; return the drill's seconds."""
        at_s = round(time.monotonic() - self.began_s, 2)
        self.timeline.append({"at_s": at_s, "what": what})
        self.tell(f"{at_s:8.1f} s  {what}")
        return at_s

    @property
    def _uploads(self) -> list[Upload]:
        return self.traffic.uploads

    def _move(self, action: str, to: str) -> None:
        begun_s = self.note(f"{action} to {to}")
        move = Move(action=action, to=to, deployment=self.deployment, reason=self.reason)
        for result in failover.run(move):
            self.note(f"  {result.step.name}: {result.outcome}, {result.seen}")
            self._send()
            if self.rto_s is None and self._is_served(to, begun_s):
                self.rto_s = round(self.note(f"first new record readable in {to}") - begun_s, 2)

    def _is_served(self, region: str, begun_s: float) -> bool:
        """Return whether a file that was put since then is complete in a region's bucket."""
        later = [each for each in self._uploads if (each.acknowledged_at or 0) > begun_s]
        place = self._place(region)
        found = reading.versions(self._client, place, self.traffic.prefix)
        files = oracle.expect(later, [v for v in found if _is_of(v, later)]).files
        items = reading.read(self._client, place, files)
        return any(item.get("status") == "COMPLETED" for item in items.values())

    def _send(self) -> None:
        for _ in range(UPLOADS_A_STEP):
            upload = self.traffic.make(time.monotonic() - self.began_s)
            try:
                version = self.point.put(upload.key, upload.body)
            except (BotoCoreError, ClientError) as error:
                self.refusals += 1
                self.note(f"an upload was not acknowledged: {error}")
                continue
            self.traffic.acknowledge(upload, version, time.monotonic() - self.began_s)

    def _settle(self) -> Findings:
        found = [self._judge()]

        def is_clean() -> bool:
            found[:] = [self._judge()]
            return not found[0].misses

        find_within(is_clean, limit_s=SETTLING_S, poll_s=POLL_S)
        self.note("compared by the oracle; events were not listened to")
        return found[0]

    def _judge(self) -> Findings:
        places = [self._place(name) for name in naming.REGIONS]
        found = [v for p in places for v in reading.versions(self._client, p, self.traffic.prefix)]
        expected = oracle.expect(self._uploads, found)
        keys = {*expected.records, *expected.rejected, *expected.files}
        tables = {place.region: reading.read(self._client, place, keys) for place in places}
        return judgement.judge(expected, tables, None, Counter())

    def _place(self, name: str) -> reading.Place:
        region = self.deployment.region(name)
        return reading.Place(region=name, bucket=region.bucket, table=region.table, bus=region.bus)

    def _client(self, service: str, region: str) -> Any:
        return self.deployment.region(region).client(service)


def check(deployment: Deployment, account: str, *, force: bool) -> Iterator[str]:
    """Look whether a drill may begin here; yield what is so, line by line.

    Raises:
        RefusedError: another account, traffic in the last hour without ``force``, or an access
            point that does not send everything to the primary.

    """
    region = deployment.region(naming.STANDBY)
    found = region.client("sts").get_caller_identity()["Account"]
    if found != account:
        raise RefusedError(f"these credentials are of account {found}, not {account}")
    yield f"account {account}"
    dials = access_point.find(deployment, region).dials()
    if dials != dial_to([naming.PRIMARY]):
        raise RefusedError(f"a drill begins with all uploads going to {naming.PRIMARY}: {dials}")
    yield f"all uploads go to {naming.PRIMARY}"
    for name in naming.REGIONS:
        busy = next(_recent(deployment.region(name)), "")
        if busy and not force:
            raise RefusedError(
                f"{name} took in {busy} within the last hour; at a quieter time, or with "
                "--force --reason TEXT"
            )
        yield f"{name}: {f'traffic, such as {busy}' if busy else 'no upload for an hour'}"


def _recent(region: Region) -> Iterator[str]:
    """Yield the keys of what others have put within the last hour."""
    since = datetime.now(UTC) - QUIET
    for each in object_versions.versions(region, ""):
        if each.stored_at >= since and not each.key.startswith(OWN_PREFIXES):
            yield each.key


def _is_of(version: reading.Version, uploads: list[Upload]) -> bool:
    return any((each.key, each.etag) == (version.key, version.etag) for each in uploads)
