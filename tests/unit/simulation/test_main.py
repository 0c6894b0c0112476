"""What ``make simulate`` prints."""

import json

import pytest
from click.testing import CliRunner

from simulation import scenarios
from simulation.__main__ import simulate


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenarios, "SIZES", (1_000,))
    monkeypatch.setattr(scenarios, "MANY", (2,))
    monkeypatch.setattr(scenarios, "SECONDS", 1.0)
    monkeypatch.setattr(scenarios, "STEADY_AFTER_S", 0.5)


def printed_by(arguments: list[str]) -> str:
    result = CliRunner().invoke(simulate, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_json_and_tables_say_the_same() -> None:
    found = json.loads(printed_by(["--json"]))
    printed = printed_by([])

    assert [each["status_index"] for each in found["sizes"]] == ["all", "exceptions"]
    for each in (*found["sizes"], *found["functions"]):
        assert f"{each['stored_per_s']:,}/s" in printed
    assert found["walls"][0] == {"what": "table, as warm as it is", "records_per_s": 4000}
    assert "| table, as warm as it is" in printed
    assert found["measured"]["speed"]["us_per_record"] == 40.0


def test_a_slower_function_is_more_functions() -> None:
    found = json.loads(printed_by(["--json", "--us-per-record", "5000"]))

    [planned, _] = found["sizes"]
    assert planned["settings"]["processor_concurrency"] == 7
