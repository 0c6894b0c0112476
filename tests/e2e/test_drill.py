"""The drill's own instruments on a real cloud: they find nothing where nothing is wrong, and else
what is. ``make drill`` plays the scenarios."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from drill.reading import Key
from local.aws_isolation import ACCOUNT, without_aws
from local.cloud import Cloud
from local.drill import ground
from local.drill.ground import Ground
from local.drill.stage import Stage
from local.drill.verdict import judge, settle
from local.paths import REPOSITORY
from naming import PRIMARY, STANDBY


@pytest.fixture(scope="module")
def field(cloud: Cloud) -> Iterator[Ground]:
    with ground.on(cloud, seed=5) as field:
        field.reset()
        yield field


@pytest.fixture(scope="module")
def stage(field: Ground) -> Stage:
    """A scenario without any fault: eight files, all of them processed."""
    stage = Stage.begin(field, "quiet", "")
    for _ in range(8):
        stage.producer.send()
    stage.await_processed()
    return stage


def delete(stage: Stage, region: str, key: Key) -> object:
    record_id, timestamp = key
    return stage.ground.connect("dynamodb", region).delete_item(
        TableName=stage.ground.places[region].table,
        Key={"recordId": {"S": record_id}, "timestamp": {"S": timestamp}},
        ReturnValues="ALL_OLD",
    )["Attributes"]


def test_the_oracle_agrees_with_the_product_where_nothing_is_wrong(stage: Stage) -> None:
    findings = settle(stage)

    assert (findings.misses, findings.examples) == ([], {})
    assert findings.events["expected"] > len(stage.uploads)


def test_a_row_that_is_deleted_behind_its_back_is_lost_in_both_regions(stage: Stage) -> None:
    key = next(iter(stage.expected().records))
    item = delete(stage, PRIMARY, key)
    found = judge(stage)

    table = stage.ground.places[PRIMARY].table
    stage.ground.connect("dynamodb", PRIMARY).put_item(TableName=table, Item=item)

    assert found.lost == 2
    assert {name.rpartition(" ")[2] for name in found.examples} == {PRIMARY, STANDBY}
    assert judge(stage).lost == 0


def test_an_event_that_was_not_heard_is_lost(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    said, times = stage.ground.heard.snapshot()
    wanted = next(iter(stage.expected().records))
    rest = {event: each for event, each in said.items() if each.key != wanted}
    monkeypatch.setattr(stage.ground.heard, "snapshot", lambda: (rest, times))

    assert judge(stage).events["lost"] == 1


def test_ops_drill_moves_the_uploads_there_and_back_and_misses_nothing(
    cloud: Cloud, stage: Stage, tmp_path: Path
) -> None:
    assert stage.acknowledged()  # so that there is traffic within the last hour
    environ = {**without_aws(os.environ), **cloud.variables()}
    ops = REPOSITORY / ".venv" / "bin" / "ops"
    guarded = [str(ops), "drill", "--account", ACCOUNT, "--out", str(tmp_path)]
    busy = subprocess.run(
        [*guarded, "--yes"], env=environ, capture_output=True, text=True, check=False
    )

    done = subprocess.run(
        [*guarded, "--yes", "--force", "--reason", "a test"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (busy.returncode, "within the last hour" in busy.stderr) == (3, True)
    assert done.returncode == 0, done.stderr
    [scenario] = json.loads((tmp_path / "drill.json").read_text())["scenarios"]
    assert (scenario["verdict"], scenario["lost"], scenario["unaccounted"]) == ("met", 0, 0)
    assert scenario["uploads"]["acknowledged"] > 30
    assert "planned-moves" in (tmp_path / "drill.html").read_text()
