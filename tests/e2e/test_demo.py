"""The demo, against the session's cloud, with the few samples that are small."""

import json
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import naming
from local.cloud import Cloud
from local.cloud_state import StateFolder
from local.demo import __main__ as command
from local.demo.input_files import EXPECTED, SAMPLES, sample_files
from ops import dead_letters
from services.lambda_python import FUNCTIONS_PYTHON, version
from tests.e2e.site import site

FEW_ROWS = 10
ONE_ORDER = "orders/2026/11/one-order.json"


class Demo:
    """``python -m local.demo`` in this process, with samples and a report of the test's own."""

    def __init__(self, cloud: Cloud, folder: Path) -> None:
        self._cloud = cloud
        self.samples = folder / "samples"
        self.report = folder / "demo.json"

    def expect(self, entries: list[dict[str, Any]]) -> None:
        """Keep only the samples of ``entries``."""
        for entry in entries:
            copy = self.samples / entry["key"]
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(SAMPLES / entry["key"], copy)
        (self.samples / EXPECTED).write_text(json.dumps(entries))

    def run(self) -> int:
        return command.main(["--state", str(self._cloud.state_dir), "--json"])


@pytest.fixture
def demo(
    cloud: Cloud, assembly: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Demo]:
    demo = Demo(cloud, tmp_path)
    monkeypatch.setattr(command, "REPORT", demo.report)
    monkeypatch.setattr(command, "sample_files", partial(sample_files, demo.samples))
    synthesized = StateFolder(cloud.state_dir).assembly
    synthesized.symlink_to(assembly)
    yield demo
    synthesized.unlink()
    for file in sample_files(demo.samples):
        if file.expected and file.expected.status == "FAILED":
            dead_letters.take(site(cloud, file.region), partial(_names, file.key))


def _names(key: str, event: dead_letters.Event) -> bool:
    return any(named == key for _, named, _ in dead_letters.named_objects(event))


def entries() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((SAMPLES / EXPECTED).read_bytes())
    return found


def test_all_counts_of_the_samples_match(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    few = [entry for entry in entries() if entry["rowsRead"] <= FEW_ROWS]
    demo.expect(few)

    exit_code = demo.run()

    report = json.loads(demo.report.read_bytes())
    assert exit_code == 0
    assert report["right"] is True
    assert {entry["key"] for entry in few} <= {file["key"] for file in report["files"]}
    assert {file["status"] for file in report["files"]} == {"COMPLETED", "FAILED", "IGNORED"}
    assert {file["region"] for file in report["files"]} == {"us-east-1", "us-west-2"}
    assert json.loads(capsys.readouterr().out) == report


def test_the_functions_say_themselves_which_python_they_ran_on(demo: Demo) -> None:
    demo.expect([entry for entry in entries() if entry["key"] == ONE_ORDER])

    demo.run()

    here = version(FUNCTIONS_PYTHON).split()[1]
    told = json.loads(demo.report.read_bytes())["python"]
    assert told == {naming.PROCESSOR: [here], naming.STREAM_CONSUMER: [here]}


def test_rejected_rows_come_back_and_are_accepted_once_they_are_corrected(demo: Demo) -> None:
    demo.expect([entry for entry in entries() if entry["key"] == ONE_ORDER])

    demo.run()

    correction = json.loads(demo.report.read_bytes())["correction"]
    rejected = [file["rowsRejected"] for file in correction["files"]]
    assert [fact for fact in correction["facts"] if not fact["holds"]] == []
    assert len(correction["facts"]) == 8
    assert rejected == [3, 0, 0, 0, 0, 0]


def test_a_count_that_does_not_match_is_named_and_fails_the_demo(demo: Demo) -> None:
    [entry] = [entry for entry in entries() if entry["key"] == ONE_ORDER]
    demo.expect([entry | {"rowsAccepted": 2}])

    exit_code = demo.run()

    report = json.loads(demo.report.read_bytes())
    assert exit_code == 1
    assert report["right"] is False
    assert report["files"][0]["differences"] == ["rows accepted: expected 2, got 1"]
