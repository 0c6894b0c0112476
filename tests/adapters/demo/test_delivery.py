from pathlib import Path

from local.demo.delivery import deliver
from local.demo.input_files import File
from ops.region import Region


def test_what_is_sent_is_followed_as_the_version_that_was_put(
    region: Region, tmp_path: Path
) -> None:
    source = tmp_path / "a.csv"
    source.write_text("id\n1\n")
    file = File(path=source, key="orders/a b.csv")

    first, second = deliver(file, region), deliver(file, region)

    stored = region.client("s3").get_object(
        Bucket="incoming", Key="orders/a b.csv", VersionId=first.stored.version
    )
    assert stored["Body"].read() == b"id\n1\n"
    assert first.stored.stored_at == stored["LastModified"]
    assert first.stored.id != second.stored.id
