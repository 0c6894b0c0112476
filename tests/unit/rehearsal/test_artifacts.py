import os
import time
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import cast
from zipfile import ZipFile

import pytest

from local.clients import Clients
from local.rehearsal import pipeline_definition
from local.rehearsal.artifacts import Artifacts, pack, unpack
from local.rehearsal.pipeline_definition import Pipeline
from local.rehearsal.principal import Principal
from tests.unit.rehearsal.fakes import SOURCE, properties

Objects = dict[tuple[str, str], bytes]


class Storer(Principal):
    """Stores objects in a dictionary that all instances share."""

    objects: Objects = {}  # noqa: RUF012  # shared on purpose

    def client(self, service: str, region: str) -> "Storer":
        assert (service, region) in {("s3", "eu-west-1"), ("s3", "eu-north-1")}
        return self

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803
        self.objects[Bucket, Key] = Body

    def get_object(self, *, Bucket: str, Key: str) -> Mapping[str, BytesIO]:  # noqa: N803
        return {"Body": BytesIO(self.objects[Bucket, Key])}


STORER = Storer(clients=cast("Clients", None), credentials={})


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    names = {"eu-west-1": "west", "eu-north-1": "north"}
    stores = [{"Region": r, "ArtifactStore": {"Location": b}} for r, b in names.items()]
    given = properties(SOURCE, ArtifactStores=stores)
    del given["ArtifactStore"]
    monkeypatch.setattr(Storer, "objects", {})
    return pipeline_definition.parse(given, "eu-west-1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "cake").write_text("two layers")
    return folder


def test_an_artifact_is_copied_to_the_region_that_opens_it(
    pipeline: Pipeline, folder: Path, tmp_path: Path
) -> None:
    artifacts = Artifacts(pipeline, STORER)
    artifacts.save("Cakes", folder, by=STORER, region="eu-west-1")

    artifacts.open("Cakes", tmp_path / "there", by=STORER, region="eu-north-1")

    assert (tmp_path / "there" / "cake").read_text() == "two layers"
    assert {bucket for bucket, _ in Storer.objects} == {"west", "north"}


def test_an_artifact_is_kept_as_a_zip_file_at_its_place(pipeline: Pipeline, folder: Path) -> None:
    artifacts = Artifacts(pipeline, STORER)
    artifacts.save("Cakes", folder, by=STORER, region="eu-west-1")

    place = artifacts.place("Cakes")

    with ZipFile(BytesIO(Storer.objects[place["bucket"], place["key"]])) as archive:
        assert archive.read("cake") == b"two layers"


def test_a_published_file_can_be_read_at_its_url(pipeline: Pipeline, folder: Path) -> None:
    url = Artifacts(pipeline, STORER).publish("Cakes", folder / "cake", region="eu-north-1")

    [(bucket, key)] = Storer.objects
    assert url == f"https://s3.eu-north-1.amazonaws.com/{bucket}/{key}"
    assert Storer.objects["north", key] == b"two layers"


def test_files_modes_and_links_come_back_as_they_were(tmp_path: Path) -> None:
    folder, again = tmp_path / "folder", tmp_path / "again"
    (folder / "deep").mkdir(parents=True)
    tool = folder / "deep" / "tool.sh"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    (folder / "link").symlink_to("deep/tool.sh")
    (folder / "gone").symlink_to("nowhere")
    (folder / "empty").mkdir()

    unpack(pack(folder), again)

    assert (again / "deep" / "tool.sh").read_text() == "#!/bin/sh\n"
    assert (again / "deep" / "tool.sh").stat().st_mode & 0o777 == 0o755
    assert (again / "link").readlink() == Path("deep/tool.sh")
    assert (again / "gone").readlink() == Path("nowhere")
    assert (again / "empty").is_dir()


def test_an_unpacked_file_is_dated_now_so_that_make_sees_an_older_commits_file_as_new(
    tmp_path: Path, folder: Path
) -> None:
    os.utime(folder / "cake", (0, 0))
    before = time.time()

    unpack(pack(folder), tmp_path / "again")

    assert (tmp_path / "again" / "cake").stat().st_mtime >= int(before)


def test_a_file_whose_name_leads_out_of_the_folder_stays_in_it(tmp_path: Path) -> None:
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr("../escaped", "x")

    unpack(content.getvalue(), tmp_path / "again")

    assert not (tmp_path / "escaped").exists()
