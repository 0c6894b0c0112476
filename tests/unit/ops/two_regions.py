"""The product in two regions, as far as a failover sees it; every call can be the last one."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import EndpointConnectionError

from naming import PRIMARY, REGIONS, STANDBY
from tests.unit.ops.fake_client import FakeClient


class KilledError(BaseException):
    """The process is gone: nothing catches it."""


class TwoRegions:
    """A session, and the state of what it reaches.

    After ``lives`` calls, or from the operation ``dies_at`` on, each one kills; a region in
    ``gone`` answers nobody. Replication, files and announcements take no time unless the test
    breaks them.
    """

    region_name = PRIMARY

    def __init__(self) -> None:
        self.lives = 10**9
        self.dies_at = ""
        self.calls: list[tuple[str, str]] = []
        self.gone: set[str] = set()
        self.forbidden: set[str] = set()
        self.dials = dict.fromkeys(REGIONS, 100) | {STANDBY: 0}
        self.mappings = {name: {"State": "Disabled", "Filters": []} for name in REGIONS}
        self.replicates = True
        self.announces = True
        self.routes_follow_dials = True
        self.table_status = dict.fromkeys(REGIONS, "ACTIVE")
        self.firing: dict[str, list[str]] = {name: [] for name in REGIONS}
        self.tables: dict[str, dict[tuple[str, str], Any]] = {name: {} for name in REGIONS}
        self.objects: dict[str, list[tuple[str, str]]] = {name: [] for name in REGIONS}
        self.events: dict[str, list[Any]] = {name: [] for name in REGIONS}
        self.in_work: dict[str, list[str]] = {name: [] for name in REGIONS}
        self.rows_read = 0

    def client(self, service: str, region_name: str, **_: object) -> Any:  # noqa: ANN401  # as boto3
        assert region_name not in self.forbidden
        del service
        return FakeClient(self, region_name)

    @property
    def state(self) -> Mapping[str, Any]:
        """What a failover is to bring about, without what only its history leaves behind."""
        states = {name: mapping["State"] for name, mapping in self.mappings.items()}
        return {"dials": dict(self.dials), "mappings": states}

    def lose(self, region: str) -> None:
        """Let nothing be known of a region any more, and nobody ask it."""
        self.gone = self.forbidden = {region}
        self.replicates = False

    def find_again(self) -> None:
        """Let a lost region return, as it was."""
        self.gone, self.forbidden, self.replicates = set(), set(), True

    def acts(self, region: str) -> list[dict[str, str]]:
        found = [each for key, each in self.tables[region].items() if key[0] == "audit:acts"]
        return [{name: value["S"] for name, value in act.items()} for act in found]

    def call(self, region: str, operation: str) -> None:
        if operation == self.dies_at:
            self.lives = len(self.calls)
        if self.lives == len(self.calls):
            raise KilledError
        self.calls.append((region, operation))
        if region in self.gone:
            raise EndpointConnectionError(endpoint_url=f"https://{region}")

    def write(self, region: str, item: Any) -> None:  # noqa: ANN401  # an item
        for name in REGIONS if self.replicates else (region,):
            key = item["recordId"]["S"], item["timestamp"]["S"]
            self.tables[name][key] = item

    def upload(self, region: str, key: str) -> str:
        version = f"v{sum(map(len, self.objects.values()))}"
        self.objects[region].append((key, version))
        record = {"recordId": {"S": f"f.{version}"}, "timestamp": {"S": "t"}}
        self.write(region, record)
        if self.announces:
            detail = {"eventId": version, "recordId": f"f.{version}", "timestamp": "t"}
            self.events[region].append({**detail, "item": {"source": {"key": key}}})
        return version
