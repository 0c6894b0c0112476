"""Objects of a real bucket beside the samples, against moto."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from datasets.compatibility import bucket
from datasets.compatibility.bucket import newest
from datasets.compatibility.process import DataError


@pytest.fixture
def objects(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="data")
        s3.put_bucket_versioning(Bucket="data", VersioningConfiguration={"Status": "Enabled"})
        for number in range(4):
            s3.put_object(Bucket="data", Key=f"orders/{number}.json", Body=b"[1]")
        s3.delete_object(Bucket="data", Key="orders/1.json")
        yield [f"orders/{number}.json" for number in range(4)]


def test_the_newest_objects_are_read_with_their_keys_deleted_ones_too(objects: list[str]) -> None:
    with newest("data", 20) as files:
        assert sorted(file.key for file in files) == objects
        assert {file.path.read_bytes() for file in files} == {b"[1]"}


def test_no_more_are_read_than_were_asked_for(objects: list[str]) -> None:
    with newest("data", 2) as files:
        assert len(files) == 2 < len(objects)


@pytest.mark.usefixtures("objects")
def test_of_a_large_object_the_beginning_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "LONGEST_BYTES", 2)

    with newest("data", 1) as files:
        assert files[0].path.read_bytes() == b"[1"


def test_without_a_bucket_there_are_no_objects() -> None:
    with newest(None, 20) as files:
        assert files == []


@pytest.mark.usefixtures("objects")
def test_a_bucket_that_cannot_be_read_is_an_error_and_no_verdict() -> None:
    with pytest.raises(DataError, match="bucket elsewhere"), newest("elsewhere", 20):
        pass
