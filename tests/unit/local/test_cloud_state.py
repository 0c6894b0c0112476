from pathlib import Path

import pytest

from local.cloud_state import Record

RECORD = Record(endpoint="https://127.0.0.1:4566", pid=42, assembly="digest")


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "cloud.json"

    RECORD.write(file)

    assert Record.read(file) == RECORD
    assert [found.name for found in tmp_path.iterdir()] == ["cloud.json"]


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"pid": 1}', '{"other": 1}'])
def test_a_record_that_cannot_be_read_counts_as_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "cloud.json"
    file.write_text(content)

    assert Record.read(file) is None


def test_an_absent_record_is_none(tmp_path: Path) -> None:
    assert Record.read(tmp_path / "cloud.json") is None
