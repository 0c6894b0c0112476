"""The command; what the index answers is tested in tests/adapters."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer

from ops import cli
from ops.region import Region

SOURCE = {"bucket": "inbox", "key": "orders/a b.csv", "version": "v1"}
FAILED = {
    "recordId": "f1",
    "timestamp": "2026-11-01T10:00:00.000Z",
    "source": SOURCE,
    "failure": {"code": "NOT_CSV", "message": "the file begins like HTML"},
}
REJECTED = {
    "recordId": "f1.000000007",
    "timestamp": "2026-11-01T10:00:00.000Z",
    "source": {**SOURCE, "row": 7},
    "error": {"code": "WRONG_TYPE", "field": "quantity", "message": "Expected `int`"},
}


def run(monkeypatch: pytest.MonkeyPatch, item: Mapping[str, Any], *arguments: str) -> int:
    def with_status(region: Region, *_: str, **__: object) -> Iterator[Mapping[str, Any]]:
        assert region.table == "serverless-processed-data-prod"
        stored = TypeSerializer().serialize(item)["M"]
        return iter([stored] * 3)

    monkeypatch.setattr("ops.commands.items.connect", lambda *_: None)
    monkeypatch.setattr("ops.commands.items.with_status", with_status)
    return cli.main(["items", *arguments])


def test_a_failed_file_is_told_with_its_place_and_its_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, FAILED, "FAILED") == 0

    output = capsys.readouterr()
    assert output.out.splitlines()[0] == (
        "2026-11-01T10:00:00.000Z  f1  inbox/orders/a b.csv version v1  "
        "NOT_CSV the file begins like HTML"
    )
    assert output.err == "3 FAILED in us-east-1\n"


def test_a_rejected_row_is_told_with_its_row_and_its_field(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, REJECTED, "REJECTED", "--limit", "2")

    output = capsys.readouterr()
    assert output.out.splitlines()[0].endswith(
        "inbox/orders/a b.csv row 7 version v1  WRONG_TYPE quantity Expected `int`"
    )
    assert output.err == "2 REJECTED in us-east-1, the newest; raise --limit for more\n"


def test_items_are_printed_whole_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, FAILED, "FAILED", "--json")

    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [FAILED] * 3


def test_a_status_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["items", "BROKEN"]) == 3

    assert "'BROKEN' is not one of" in capsys.readouterr().err


def test_a_terminal_gets_a_table_and_a_name_in_brackets_is_no_markup(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "200")
    source = {**SOURCE, "key": "orders/[bold]a.csv"}

    run(monkeypatch, {**FAILED, "source": source}, "FAILED")

    output = capsys.readouterr().out
    assert "why" in output.splitlines()[1]
    assert "inbox/orders/[bold]a.csv version v1" in output
