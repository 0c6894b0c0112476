from pathlib import Path

import pytest

from benchmarks.job import Job, Measurement
from benchmarks.lambda_price import compute_usd


def measurement(**others: float) -> Measurement:
    figures = {"records": 1_000, "cpu_s": 0.05, "wall_s": 0.1, "waited_s": 0.0, **others}
    return Measurement(peak_rss_bytes=50_000_000, **figures)  # type: ignore[arg-type]


def test_a_job_survives_the_command_line() -> None:
    job = Job.of(Path("orders-5.csv"), "orders", "https://127.0.0.1:1", Path("authority.pem"))

    assert Job.read(job.text()) == job
    assert job.form == "csv"
    assert job.origin["key"] == "orders/orders-5.csv"


def test_a_set_without_a_contract_is_generic() -> None:
    job = Job.of(Path("wide-5.ndjson"), "wide", "https://127.0.0.1:1", Path("authority.pem"))

    assert (job.origin["key"], job.origin["dataset"]) == ("wide/wide-5.ndjson", "generic")


def test_a_measurement_is_the_last_line_whatever_the_function_logs() -> None:
    measured = measurement()

    assert Measurement.read(f'{{"level": "INFO"}}\n\n{measured.text()}\n') == measured


def test_the_cost_of_a_record_is_cpu_time() -> None:
    assert measurement().us_a_record == pytest.approx(50)


def test_a_core_that_another_process_has_is_not_idle() -> None:
    assert measurement().busy == pytest.approx(0.5)
    assert measurement(waited_s=0.05).busy == pytest.approx(1.0)


def test_a_million_records_of_27_us_cost_less_than_a_tenth_of_a_cent() -> None:
    assert compute_usd(27) == pytest.approx(0.00062, abs=0.00001)
