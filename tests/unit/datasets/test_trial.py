import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from datasets.command import datasets, main
from datasets.trial import UnknownFormatError, try_file
from services.processor.runtime.contracts import CONTRACTS
from tests.unit.processor.files import order_json, order_row

ORDERS = CONTRACTS["orders"]


def lines(tmp_path: Path, *rows: bytes) -> Path:
    path = tmp_path / "a.json"
    path.write_bytes(b"\n".join(rows))
    return path


def test_a_trial_counts_the_rows_of_the_whole_file_and_shows_some(tmp_path: Path) -> None:
    good = [order_json(id=f"o-{number}") for number in range(5)]
    bad = [order_json(quantity=0), order_json(currency="EURO"), b"{}"]

    trial = try_file(ORDERS, lines(tmp_path, *good, *bad), records=2, rejections=1)

    assert trial.accepted == 5
    assert trial.codes == {"OUT_OF_RANGE": 1, "BAD_FORMAT": 1, "MISSING_FIELD": 1}
    assert [record_id for record_id, _ in trial.records] == ["orders:o-0", "orders:o-1"]
    assert [(each.row, each.rejection.code) for each in trial.rejected] == [(6, "OUT_OF_RANGE")]
    assert not trial.is_well


def test_a_trial_can_show_every_rejection(tmp_path: Path) -> None:
    trial = try_file(ORDERS, lines(tmp_path, *[b"{}"] * 30), records=0, rejections=None)

    assert len(trial.rejected) == 30


def test_what_a_record_becomes_is_what_the_processor_stores(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    row = order_row()
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n")

    trial = try_file(ORDERS, path, records=1, rejections=0)

    assert trial.is_well
    assert trial.records == [("orders:o-1", ORDERS.from_csv(row))]


def test_rows_before_a_fault_of_the_file_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"[" + order_json() + b",")

    trial = try_file(ORDERS, path, records=1, rejections=1)

    assert trial.accepted == 1
    assert trial.failure is not None
    assert not trial.is_well


def test_a_file_without_a_known_format_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")

    with pytest.raises(UnknownFormatError, match=r"must end in one of .*\.json.*\.csv"):
        try_file(ORDERS, tmp_path / "a.txt", records=1, rejections=1)


def test_the_command_says_what_is_accepted_and_why_other_rows_are_not(tmp_path: Path) -> None:
    path = lines(tmp_path, order_json(), order_json(currency="EURO"))

    result = CliRunner().invoke(datasets, ["try", "orders", str(path)], standalone_mode=False)

    assert "2 rows, 1 accepted, 1 rejected" in result.output
    assert "orders:o-1" in result.output
    assert 'row 2: BAD_FORMAT: currency is "EURO"' in result.output


def test_the_outcome_is_the_exit_code(tmp_path: Path) -> None:
    assert main(["try", "orders", str(lines(tmp_path, order_json()))]) == 0
    assert main(["try", "orders", str(lines(tmp_path, b"{}"))]) == 1
    assert main(["try", "orders", str(tmp_path / "absent.json")]) == 3
    assert main(["try", "no-dataset", str(tmp_path / "a.json")]) == 3


def test_the_outcome_is_printed_as_data_as_well(tmp_path: Path) -> None:
    path = lines(tmp_path, order_json(), b"{}")

    result = CliRunner().invoke(
        datasets, ["try", "orders", str(path), "--json"], standalone_mode=False
    )

    outcome = json.loads(result.output)
    assert (outcome["rowsAccepted"], outcome["rejections"]) == (1, {"MISSING_FIELD": 1})
    assert outcome["rejected"][0]["row"] == 2
