import io
import json
from pathlib import Path

import pytest

from review import publish, render
from tests.policy.review.reports import report

TO = "s3://reports/of"
COMMIT = report()["commit"]["id"]
PASSED = {"region": "us-east-1", "verdict": "passed", "seconds": 3.0, "steps": ["put"], "error": ""}


class S3:
    """The objects that were put, as text by their names below the commit's folder."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, io.BytesIO]:  # noqa: N803  # boto3's
        assert Bucket == "reports"
        return {"Body": io.BytesIO(self.files[Path(Key).name].encode())}

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, ContentType: str) -> None:  # noqa: N803  # boto3's
        assert (Bucket, Key.rpartition("/")[0]) == ("reports", f"of/{COMMIT}")
        assert ContentType
        self.files[Path(Key).name] = Body.decode()


@pytest.fixture
def s3() -> S3:
    return S3()


def test_a_report_is_stored_in_every_rendering(tmp_path: Path, s3: S3) -> None:
    render.write(report(), tmp_path)

    publish.store_report(s3, TO, COMMIT, tmp_path / "report.json", tmp_path / "nothing")

    assert s3.files == {file.name: file.read_text() for file in tmp_path.iterdir()}
    assert set(s3.files) == {
        "report.json",
        "report.md",
        "report.html",
        "mail.txt",
    }


def test_what_was_proved_is_added_to_the_stored_report_and_may_be_again(
    tmp_path: Path, s3: S3
) -> None:
    render.write(report(), tmp_path)
    publish.store_report(s3, TO, COMMIT, tmp_path / "report.json", tmp_path / "nothing")
    (tmp_path / "proofs").mkdir()
    (tmp_path / "proofs" / "us-east-1.json").write_text(json.dumps(PASSED))

    publish.store_report(s3, TO, COMMIT, tmp_path / "is-not-here.json", tmp_path / "proofs")
    once = dict(s3.files)
    publish.store_report(s3, TO, COMMIT, tmp_path / "is-not-here.json", tmp_path / "proofs")

    assert s3.files == once
    assert "Proof on AWS" in once["report.html"]
    assert json.loads(once["report.json"])["verification"] == [PASSED]


def test_the_report_of_another_commit_is_not_stored(tmp_path: Path, s3: S3) -> None:
    render.write(report(), tmp_path)

    assert not publish.store_report(
        s3, TO, "another", tmp_path / "report.json", tmp_path / "nothing"
    )
    assert not publish.store_report(
        s3, TO, COMMIT, tmp_path / "is-not-here.json", tmp_path / "nothing"
    )
    assert s3.files == {}
