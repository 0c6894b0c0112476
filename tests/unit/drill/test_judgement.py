"""The oracle can fail: each thing that can be wrong is found, and named as what it is."""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from drill import judgement
from drill.judgement import Findings, Rpo
from drill.listening import Said
from drill.oracle import Expected, counts, expect
from drill.reading import Item, Key, Version
from drill.traffic import Traffic, Upload

BEGIN = datetime(2026, 11, 2, 8, tzinfo=UTC)
REGIONS = ("east", "west")
Tables = dict[str, dict[Key, Item]]


@dataclass
class World:
    """Uploads that have become exactly what they must."""

    uploads: list[Upload]
    versions: list[Version]
    tables: Tables
    said: dict[str, Said]

    def expected(self) -> Expected:
        return expect(self.uploads, self.versions)

    def judge(self) -> Findings:
        times = Counter(dict.fromkeys(self.said, 1))
        return judgement.judge(self.expected(), self.tables, self.said, times)


def stored_at(second: int) -> datetime:
    return BEGIN + timedelta(seconds=second)


def version(upload: Upload, second: int) -> Version:
    return Version("east", "bucket", upload.key, upload.version, upload.etag, stored_at(second))


@pytest.fixture
def world() -> World:
    traffic = Traffic("run", "judged", 3)
    versions = []
    for number in range(40):
        upload = traffic.make(number * 10.0)
        traffic.acknowledge(upload, f"v{number}", number * 10.0)
        versions.append(version(upload, number))
    expected = expect(traffic.uploads, versions)
    records = {key: {"status": "ACCEPTED", "data": data} for key, data in expected.records.items()}
    rejected: dict[Key, Item] = {
        key: {"status": "REJECTED", "error": {"code": code}}
        for key, code in expected.rejected.items()
    }
    files = {key: dict(counts(upload)) for key, upload in expected.files.items()}
    table = {**records, **rejected, **files}
    said = {
        f"{key}": Said(key, str(item["status"]), item.get("data"), 1.0)
        for key, item in table.items()
    }
    return World(traffic.uploads, versions, {region: deepcopy(table) for region in REGIONS}, said)


def corrected(world: World) -> Key:
    return next(iter(world.expected().older))


def first_record(world: World) -> Key:
    return next(iter(world.expected().records))


def lose_record(world: World) -> None:
    del world.tables["west"][first_record(world)]


def lose_rejection(world: World) -> None:
    del world.tables["east"][next(iter(world.expected().rejected))]


def garble(world: World) -> None:
    key = first_record(world)
    world.tables["east"][key] = {"status": "ACCEPTED", "data": {"orderId": "another"}}


def other_reason(world: World) -> None:
    key = next(iter(world.expected().rejected))
    world.tables["east"][key] = {"status": "REJECTED", "error": {"code": "ANOTHER"}}


def make_stale(world: World) -> None:
    key = corrected(world)
    world.tables["west"][key] = {"status": "ACCEPTED", "data": world.expected().older[key][0]}


def double(world: World) -> None:
    record_id, _ = first_record(world)
    world.tables["east"][record_id, "2020-01-01T00:00:00.000Z"] = {"status": "ACCEPTED"}


def forget_file(world: World) -> None:
    del world.tables["east"][next(iter(world.expected().files))]


def suspend_file(world: World) -> None:
    world.tables["east"][next(iter(world.expected().files))]["status"] = "SUSPENDED"


def miscount(world: World) -> None:
    world.tables["west"][next(iter(world.expected().files))]["rowsAccepted"] += 1


def say_nothing(world: World) -> None:
    del world.said[f"{first_record(world)}"]


def say_what_is_old(world: World) -> None:
    key = corrected(world)
    world.said[f"{key}"] = world.said[f"{key}"]._replace(data=world.expected().older[key][0])


def say_twice(world: World) -> None:
    key = first_record(world)
    world.said["another id"] = world.said[f"{key}"]


def shown(findings: Findings) -> dict[str, int]:
    numbers: dict[str, Any] = {
        "lost": findings.lost,
        "duplicated": findings.duplicated,
        "stale": findings.stale,
        "unaccounted": findings.unaccounted,
        "events lost": findings.events["lost"],
        "events duplicated": findings.events["duplicated"],
    }
    return {name: number for name, number in numbers.items() if number}


def test_what_is_as_it_must_be_meets_every_target(world: World) -> None:
    findings = world.judge()

    assert findings.misses == []
    assert world.expected().older
    assert world.expected().rejected


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lose_record, "lost"),
        (lose_rejection, "lost"),
        (garble, "lost"),
        (other_reason, "lost"),
        (make_stale, "stale"),
        (double, "duplicated"),
        (forget_file, "unaccounted"),
        (suspend_file, "unaccounted"),
        (miscount, "unaccounted"),
        (say_nothing, "events lost"),
        (say_what_is_old, "events lost"),
        (say_twice, "events duplicated"),
    ],
)
def test_what_is_wrong_is_found_and_is_a_miss(
    world: World, spoil: Callable[[World], None], found: str
) -> None:
    spoil(world)

    findings = world.judge()

    assert shown(findings) == {found: 1}
    assert len(findings.misses) == 1
    assert findings.examples


def test_an_acknowledged_upload_that_no_bucket_has_is_lost(world: World) -> None:
    gone = world.versions.pop()

    findings = world.judge()

    assert gone.key in findings.examples["lost"]
    assert findings.lost >= 1


def test_an_upload_that_was_never_acknowledged_may_be_missing(world: World) -> None:
    unknown = Traffic("run", "unknown", 1).make(0.0)
    world.uploads.append(unknown)

    assert world.judge().misses == []


def test_contents_that_two_versions_brought_may_be_announced_under_two_ids(world: World) -> None:
    upload = world.uploads[-1]
    again = version(upload, 39)._replace(region="west", bucket="other", version="again")
    key = (upload.records[0].record_id, upload.records[0].moment)
    before = Counter(each.key for each in world.said.values())[key]
    world.versions.append(again)
    world.said["another id"] = world.said[f"{key}"]

    assert before == 1
    assert world.judge().events["duplicated"] == 0


@pytest.mark.parametrize(
    ("rto_s", "rpo", "misses"),
    [
        (29.9, Rpo(), 0),
        (30.1, Rpo(), 1),
        (None, Rpo(), 1),
        (1.0, Rpo(seconds=7.9, held_s=6.0), 0),
        (1.0, Rpo(seconds=8.1, held_s=6.0), 1),
    ],
)
def test_targets_of_time(rto_s: float | None, rpo: Rpo, misses: int) -> None:
    assert len(judgement.slow(rto_s, rpo)) == misses
