from pathlib import Path
from typing import Any

import pytest

from local.demo.input_files import SAMPLES
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.errors import RejectedRowError, UnreadableFileError
from services.processor.runtime.file_names import file_format
from services.processor.runtime.parsing import BadRow, CsvRow, Row, read_rows
from tests.samples.samples import Sample, files, samples, write

READ = [sample for sample in samples() if sample.status != "IGNORED"]


def refusal(row: Row, contract: Any) -> str | None:  # noqa: ANN401
    if isinstance(row, BadRow):
        return row.code
    try:
        contract.from_csv(row.fields) if isinstance(row, CsvRow) else contract.from_json(row.raw)
    except RejectedRowError as error:
        return error.code
    return None


def test_the_files_in_the_repository_are_what_the_generator_writes() -> None:
    found = {
        path.relative_to(SAMPLES).as_posix(): path.read_bytes()
        for path in SAMPLES.rglob("*")
        if path.is_file()
    }

    made = files()
    other = sorted(key for key in {*found, *made} if found.get(key) != made.get(key))
    assert not other, (
        f"samples/ isn't what tests/samples/samples.py makes, in {', '.join(other)}: edit "
        "the sample there (samples()), and write the files with python -m tests.samples"
    )


def test_writing_them_again_removes_what_is_no_sample(tmp_path: Path) -> None:
    (tmp_path / "left-over.csv").write_text("id\n")

    write(tmp_path)

    assert not (tmp_path / "left-over.csv").exists()


@pytest.mark.parametrize("sample", READ, ids=lambda sample: sample.key)
def test_the_processor_reads_each_row_as_its_writer_expects(sample: Sample) -> None:
    rejected, failure, number = {}, {}, 0
    contract = contract_for(sample.key)

    try:
        known = file_format(sample.key)
        assert known
        for row in read_rows([sample.content], known, contract.form):
            number = row.number
            if code := refusal(row, contract):
                rejected[number] = code
    except UnreadableFileError as error:
        failure = {"code": error.code} | ({"row": error.row} if error.row else {})

    assert (number, rejected, failure) == (sample.rows, sample.rejected, sample.failure), (
        f"samples/{sample.key} is read as (rows, rejected, failure) on the left; what its writer "
        "expects is said in tests/samples/samples.py (samples()), faults.py and readings.py: mend "
        "the contract, or say it there and write the files with python -m tests.samples"
    )


def test_the_samples_stay_small() -> None:
    assert sum(map(len, files().values())) < 700_000
