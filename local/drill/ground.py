"""The cloud that all scenarios run on, and what they have in common."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.config import Config

import naming
from drill.listening import Heard, listening
from drill.reading import Connect, Place
from local.cloud import Cloud
from local.faults import Faults

# The faults meet the drill's own reading as well.
ASKING = Config(
    connect_timeout=2, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 12}
)
SENDING = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A local cloud with a listener at both buses; ``clock`` counts seconds of the drill."""

    cloud: Cloud
    faults: Faults
    places: dict[str, Place]
    heard: Heard
    connect: Connect
    sending: Any  # puts files, tries once
    access_point: str  # its ARN; empty without one
    seed: int
    run: str  # part of keys and ids, so that a drill can be repeated on the same cloud
    started_s: float

    def clock(self) -> float:
        """Return the seconds since the drill began."""
        return time.monotonic() - self.started_s

    def reset(self) -> None:
        """End all faults, and let the access point send everything to the primary."""
        self.faults.clear()
        if not self.access_point:
            return
        dials = {naming.PRIMARY: 100, naming.STANDBY: 0}
        self.connect("s3control", naming.STANDBY).submit_multi_region_access_point_routes(
            AccountId=self.access_point.split(":")[4],
            Mrap=self.access_point,
            RouteUpdates=[
                {"Region": region, "TrafficDialPercentage": dial} for region, dial in dials.items()
            ],
        )

    @property
    def variables(self) -> dict[str, str]:
        """Return the environment of commands, as ``make env`` sets it for an operator."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {**kept, **self.cloud.variables()}


@contextmanager
def on(cloud: Cloud, seed: int) -> Iterator[Ground]:
    """Listen to both regions of ``cloud``; all faults are over at the end."""
    started_s = time.monotonic()
    outputs = {region: cloud.outputs(region) for region in naming.REGIONS}
    places = {
        region: Place(
            region=region,
            bucket=each["IngestionBucketName"],
            table=each["TableName"],
            bus=each["EventBusName"],
        )
        for region, each in outputs.items()
    }
    connect = _connector(cloud)
    faults = Faults(cloud)
    with listening(connect, list(places.values()), lambda: time.monotonic() - started_s) as heard:
        try:
            yield Ground(
                cloud=cloud,
                faults=faults,
                places=places,
                heard=heard,
                connect=connect,
                sending=cloud.session(naming.STANDBY).client("s3", config=SENDING),
                access_point=outputs[naming.STANDBY].get("AccessPointArn", ""),
                seed=seed,
                run=f"{int(time.time()):x}",
                started_s=started_s,
            )
        finally:
            faults.clear()


def _connector(cloud: Cloud) -> Connect:
    """Return a maker of clients, one for each service and region."""
    made: dict[tuple[str, str], Any] = {}

    def connect(service: str, region: str) -> Any:
        if (service, region) not in made:
            made[service, region] = cloud.session(region).client(service, config=ASKING)
        return made[service, region]

    return connect


def state_folder(build: Path) -> Path:
    """Return the folder of the drill's own cloud."""
    return build / "drill-cloud"
