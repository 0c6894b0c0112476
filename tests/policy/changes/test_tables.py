"""A table of changes that can't be read says which row, and what is wrong with it."""

from pathlib import Path

import pytest

from policies.changes import tables


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('only = "is_elsewhere"', "there is no condition 'is_elsewhere'"),
        ('only = ["not is_elsewhere"]', "there is no condition 'is_elsewhere'"),
        ("where = '{ELSEWHERE}'", "ELSEWHERE"),
        ("where = '('", "unterminated"),
        ('wher = "a"', "wher"),
    ],
)
def test_a_row_that_makes_no_sense_is_one_sentence_with_its_file_and_its_name(
    tmp_path: Path, row: str, said: str
) -> None:
    table = tmp_path / "hazards" / "data.toml"
    table.parent.mkdir()
    table.write_text(f'[[row]]\nname = "locked"\nwhy = "so"\n{row}\n')

    with pytest.raises(SystemExit) as error:
        [*tables._read(table)]  # noqa: SLF001  # what reads the tables when they are imported

    [line] = str(error.value).splitlines()
    assert line.startswith("error: policies/changes/hazards/data.toml, row locked: ")
    assert said in line
