"""Two regions as a canary sees them, with what it puts and what it reports."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from services.aws_client.answer import Answer
from services.aws_client.errors import AwsClientError
from services.aws_client.service_error import ServiceError
from services.canary.runtime.canary import Canary
from services.canary.runtime.sight import Sight

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
HERE, THERE = "us-west-2", "us-east-1"
FRESH_FOR_S = 660


def refused(code: str, status: int = 400) -> ServiceError:
    return ServiceError(code, "", Answer(status, {}, b""))


@dataclass
class Replica:
    """Signs of life by region, or the error that reading them leads to."""

    put_ats: dict[str, datetime] = field(default_factory=dict)
    error: AwsClientError | None = None

    def put_at(self, region: str) -> datetime | None:
        if self.error:
            raise self.error
        return self.put_ats.get(region)

    def store(self, region: str, *, age_s: float) -> None:
        self.put_ats[region] = NOW - timedelta(seconds=age_s)


@dataclass
class Bucket:
    objects: dict[str, bytes] = field(default_factory=dict)
    error: AwsClientError | None = None

    def put(self, key: str, body: bytes) -> None:
        if self.error:
            raise self.error
        self.objects[key] = body


@dataclass
class World:
    bucket: Bucket = field(default_factory=Bucket)
    here: Replica = field(default_factory=Replica)
    there: Replica = field(default_factory=Replica)
    sights: list[Sight] = field(default_factory=list)
    heard_after_s: list[float] = field(default_factory=list)
    late_s: list[float] = field(default_factory=list)

    @classmethod
    def healthy(cls) -> "World":
        world = cls()
        for replica in (world.here, world.there):
            replica.store(HERE, age_s=300)
            replica.store(THERE, age_s=120)
        return world

    def canary(self) -> Canary:
        return Canary(
            bucket=self.bucket,
            table=self.here,
            peer_table=self.there,
            telemetry=self,
            region=HERE,
            peer_region=THERE,
            fresh_for_s=FRESH_FOR_S,
            now=lambda: NOW,
        )

    def look(self) -> Sight:
        self.canary().visit()
        [sight] = self.sights
        return sight

    def saw(self, sight: Sight) -> None:
        self.sights.append(sight)

    def heard(self, age_s: float) -> None:
        self.heard_after_s.append(age_s)

    def heard_late(self, age_s: float) -> None:
        self.late_s.append(age_s)
