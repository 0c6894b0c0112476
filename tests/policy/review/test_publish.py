import json
from pathlib import Path

from review import publish, render
from tests.policy.review.reports import report

COMMIT = report()["commit"]["id"]
PASSED = {"region": "us-east-1", "verdict": "passed", "seconds": 3.0, "steps": ["put"], "error": ""}


class FakeStore:
    def __init__(self) -> None:
        self.files: dict[str, str] = {}

    def read(self, name: str) -> str:
        return self.files[name]

    def write(self, name: str, content: str) -> None:
        self.files[name] = content


def test_a_report_is_stored_in_every_rendering(tmp_path: Path) -> None:
    render.write(report(), tmp_path)
    store = FakeStore()

    publish.store_report(store, COMMIT, tmp_path / "report.json", tmp_path / "nothing")

    assert store.files == {file.name: file.read_text() for file in tmp_path.iterdir()}
    assert set(store.files) == {
        "report.json",
        "report.md",
        "report.html",
        "mail.txt",
    }


def test_what_was_proved_is_added_to_the_stored_report_and_may_be_again(tmp_path: Path) -> None:
    render.write(report(), tmp_path)
    store = FakeStore()
    publish.store_report(store, COMMIT, tmp_path / "report.json", tmp_path / "nothing")
    (tmp_path / "proofs").mkdir()
    (tmp_path / "proofs" / "us-east-1.json").write_text(json.dumps(PASSED))

    publish.store_report(store, COMMIT, tmp_path / "is-not-here.json", tmp_path / "proofs")
    once = dict(store.files)
    publish.store_report(store, COMMIT, tmp_path / "is-not-here.json", tmp_path / "proofs")

    assert store.files == once
    assert "Proof on AWS" in once["report.html"]
    assert json.loads(once["report.json"])["verification"] == [PASSED]


def test_the_report_of_another_commit_is_not_stored(tmp_path: Path) -> None:
    render.write(report(), tmp_path)
    store = FakeStore()

    assert not publish.store_report(
        store, "another", tmp_path / "report.json", tmp_path / "nothing"
    )
    assert not publish.store_report(
        store, COMMIT, tmp_path / "is-not-here.json", tmp_path / "nothing"
    )
    assert store.files == {}
