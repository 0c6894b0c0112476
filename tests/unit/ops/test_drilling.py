"""Where a drill on a real deployment may begin, and where it refuses to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from naming import PRIMARY, STANDBY
from ops import cli, drilling
from ops.errors import RefusedError

ACCOUNT = "111122223333"
ARN = f"arn:aws:s3::{ACCOUNT}:accesspoint/alias.mrap"


@dataclass
class World:
    """Both regions as far as the guards look: who asks, the dials, and what the buckets hold."""

    dials: dict[str, int] = field(default_factory=lambda: {PRIMARY: 100, STANDBY: 0})
    objects: dict[str, list[tuple[str, datetime]]] = field(default_factory=dict)
    lost: str | None = None

    def region(self, name: str) -> "Place":
        return Place(self, name)


@dataclass
class Place:
    world: World
    name: str
    access_point_arn: str = ARN

    @property
    def bucket(self) -> str:
        return f"bucket-{self.name}"

    def client(self, _service: str) -> "Place":
        return self

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": ACCOUNT}

    def get_multi_region_access_point_routes(self, **_: object) -> dict[str, Any]:
        dials = self.world.dials.items()
        return {"Routes": [{"Region": n, "TrafficDialPercentage": dial} for n, dial in dials]}

    def get_paginator(self, _operation: str) -> "Place":
        return self

    def paginate(self, **_: object) -> Iterator[dict[str, Any]]:
        for key, moment in self.world.objects.get(self.name, ()):
            listed = {"Key": key, "VersionId": "v", "ETag": '"e"', "LastModified": moment}
            yield {"Versions": [listed]}


def ago(minutes: float) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


def check(world: World, account: str = ACCOUNT, *, force: bool = False) -> list[str]:
    return list(drilling.check(world, account, force=force))  # type: ignore[arg-type]


def test_it_may_begin_where_nothing_has_come_in_for_an_hour() -> None:
    world = World(objects={PRIMARY: [("orders/a.csv", ago(61))], STANDBY: []})

    assert check(world) == [
        f"account {ACCOUNT}",
        f"all uploads go to {PRIMARY}",
        f"{PRIMARY}: no upload for an hour",
        f"{STANDBY}: no upload for an hour",
    ]


def test_it_refuses_another_account_than_the_one_that_is_named() -> None:
    with pytest.raises(RefusedError, match=f"{ACCOUNT}, not 999999999999"):
        check(World(), "999999999999")


@pytest.mark.parametrize("region", [PRIMARY, STANDBY])
def test_it_refuses_while_there_is_traffic_in_either_region(region: str) -> None:
    world = World(objects={region: [("orders/old.csv", ago(90)), ("orders/a.csv", ago(59))]})

    with pytest.raises(RefusedError, match=r"orders/a\.csv within the last hour"):
        check(world)
    assert f"{region}: traffic, such as orders/a.csv" in check(world, force=True)


def test_its_own_files_and_canaries_are_no_traffic() -> None:
    world = World(objects={PRIMARY: [("drill/1/a.json", ago(1)), ("canary/b.json", ago(1))]})

    assert f"{PRIMARY}: no upload for an hour" in check(world)


@pytest.mark.parametrize("dials", [{PRIMARY: 0, STANDBY: 100}, {PRIMARY: 100, STANDBY: 100}])
def test_it_refuses_unless_all_uploads_go_to_the_primary(dials: dict[str, int]) -> None:
    with pytest.raises(RefusedError, match="begins with all uploads going"):
        check(World(dials=dials))


def test_force_needs_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["drill", "--account", ACCOUNT, "--force", "--yes"])

    assert code == 3
    assert "--force needs a --reason" in capsys.readouterr().err


def test_the_account_must_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["drill", "--yes"])

    assert code == 3
    assert "--account" in capsys.readouterr().err
