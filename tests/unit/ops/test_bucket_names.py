import json
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from ops import cli

NAMES = ("mine", "mine-too", "theirs")


class FakeS3:
    """Answers with the status of a name: 404 when it has none."""

    def __init__(self, **statuses: int) -> None:
        self._statuses = statuses

    def head_bucket(self, *, Bucket: str) -> None:  # noqa: N803  # as boto3
        status = self._statuses.get(Bucket, 404)
        if status != 200:
            answer = {"Error": {"Code": str(status)}}
            raise ClientError(
                {**answer, "ResponseMetadata": {"HTTPStatusCode": status}}, "HeadBucket"
            )


class NoS3:
    def head_bucket(self, **_: str) -> None:
        raise EndpointConnectionError(endpoint_url="https://s3")


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    """One bucket in the assembly, two in a stage of it."""
    (tmp_path / "stage").mkdir()
    for file, names in (("a.template.json", NAMES[:1]), ("stage/b.template.json", NAMES[1:])):
        buckets = {
            name.replace("-", ""): {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}
            for name in names
        }
        queue = {"Q": {"Type": "AWS::SQS::Queue"}}
        (tmp_path / file).write_text(json.dumps({"Resources": buckets | queue}))
    return tmp_path


def ask(monkeypatch: pytest.MonkeyPatch, s3: object, assembly: Path, *options: str) -> int:
    monkeypatch.setattr("ops.commands.bucket_names.anonymous_client", lambda *_: s3)
    return cli.main(["bucket-names", "--assembly", str(assembly), *options])


def test_every_bucket_of_every_stage_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], assembly: Path
) -> None:
    assert ask(monkeypatch, FakeS3(), assembly, "--json") == 0

    assert json.loads(capsys.readouterr().out) == dict.fromkeys(NAMES, "free")


@pytest.mark.parametrize("status", [200, 301, 403])
def test_a_name_that_exists_is_taken_whoever_has_it(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    assembly: Path,
    status: int,
) -> None:
    assert ask(monkeypatch, FakeS3(theirs=status), assembly) == 1

    output = capsys.readouterr()
    assert "taken  theirs" in output.out
    assert "bucketSuffix" in output.err


@pytest.mark.parametrize("s3", [FakeS3(mine=503), NoS3()])
def test_no_answer_is_not_taken_for_a_free_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], assembly: Path, s3: object
) -> None:
    assert ask(monkeypatch, s3, assembly) == 2

    assert "error: mine:" in capsys.readouterr().err


def test_an_assembly_without_buckets_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert ask(monkeypatch, FakeS3(), tmp_path) == 3

    assert "run make synth" in capsys.readouterr().err
