from pathlib import Path

import pytest

from local.demo.input_files import own_files, sample_files
from local.errors import LocalCloudError


def write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("{}")


def test_the_key_of_a_file_is_its_path_below_the_folder(tmp_path: Path) -> None:
    write(tmp_path, "orders/2026/a b+c.csv", "stock/levels.json")

    keys = [file.key for file in own_files([tmp_path])]

    assert keys == ["orders/2026/a b+c.csv", "stock/levels.json"]


def test_a_file_without_a_folder_of_its_own_is_named_after_the_one_it_lies_in(
    tmp_path: Path,
) -> None:
    write(tmp_path, "orders/mine.csv")

    by_folder = own_files([tmp_path / "orders"])
    by_file = own_files([tmp_path / "orders" / "mine.csv"])

    assert [file.key for file in (*by_folder, *by_file)] == ["orders/mine.csv", "orders/mine.csv"]


def test_hidden_files_stay_where_they_are(tmp_path: Path) -> None:
    write(tmp_path, "orders/a.csv", "orders/.DS_Store", ".git/config.json")

    assert [file.key for file in own_files([tmp_path])] == ["orders/a.csv"]


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(LocalCloudError, match=r"nowhere\.csv does not exist"):
        own_files([tmp_path / "nowhere.csv"])


def test_a_folder_without_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(LocalCloudError, match="no files in"):
        own_files([tmp_path])


def test_the_samples_have_a_file_for_each_region() -> None:
    assert {file.region for file in sample_files()} == {"us-east-1", "us-west-2"}


def test_every_sample_is_there_and_its_rows_are_known() -> None:
    for file in sample_files():
        assert file.path.is_file()
        assert file.expected
        assert file.expected.rows_rejected == len(file.expected.rejected)
