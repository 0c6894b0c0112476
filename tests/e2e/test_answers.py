"""The operator's answers about real files: each command as a person runs it, on the local cloud."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from local.cloud import Cloud
from naming import PRIMARY, STANDBY
from ops import cli, items
from tests.e2e.site import Site, sites
from tests.e2e.waiting import wait_for

HEADER = "id,timestamp,amount,currency,category,quantity,customer_id,customer_tier\n"
Run = Callable[..., tuple[int, str]]


def order(name: str, quantity: object = 2, amount: str = "19.90") -> str:
    return f"{name},2026-11-01T10:00:00Z,{amount},EUR,books,{quantity},c-1,gold\n"


@pytest.fixture
def everywhere(cloud: Cloud) -> Mapping[str, Site]:
    return sites(cloud)


@pytest.fixture
def run(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; return its exit code and what it prints."""
    monkeypatch.setattr(
        "ops.connection._session", lambda region_name, **_: cloud.session(region_name)
    )

    def run(*arguments: object) -> tuple[int, str]:
        code = cli.main([str(each) for each in arguments])
        return code, capsys.readouterr().out

    return run


def put(site: Site, key: str, text: str) -> None:
    site.await_status(site.put(key, text.encode()), "COMPLETED")


def answer(run: Run, *arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*arguments, "--json")[1])
    return found


def test_a_producer_gets_the_bad_rows_back_corrects_and_sends_them_and_the_file_is_complete(
    everywhere: Mapping[str, Site], run: Run, tmp_path: Path
) -> None:
    site, out, key = everywhere[PRIMARY], tmp_path / "rejected.csv", "orders/answers/a.csv"
    rows = [order(f"a-{n}", "many" if n % 25 == 0 else 1) for n in range(1, 301)]
    put(site, key, HEADER + "".join(rows))

    before, _ = run("file", key)
    wrote, _ = run("rejected", key, "--out", out)
    put(site, "orders/answers/a-corrected.csv", out.read_text().replace("many", "3"))

    def is_complete() -> bool:
        return run("file", key)[0] == 0

    assert (before, wrote) == (1, 0)
    assert len(out.read_text().splitlines()) == 1 + 12
    wait_for(is_complete, f"{key} to be complete")
    assert answer(run, "file", key, "--records")["versions"][0]["correctedRows"] == 12


def test_an_order_sent_four_times_is_found_by_its_id_in_both_regions_with_the_newest_amount(
    everywhere: Mapping[str, Site], run: Run
) -> None:
    for number in "1234":
        put(everywhere[PRIMARY], "orders/answers/four.csv", HEADER + order("four", 2, number))

    for region in (PRIMARY, STANDBY):
        wait_for(
            lambda region=region: run("record", "orders", "four", "--region", region)[0] == 0,  # type: ignore[misc]
            f"the order in {region}",
        )
        [item] = answer(run, "record", "orders", "four", "--region", region)["items"]
        assert item["data"]["amount"] == 4


def test_a_file_is_processed_again_without_its_event(
    everywhere: Mapping[str, Site], run: Run
) -> None:
    site, key = everywhere[PRIMARY], "orders/answers/again.csv"
    upload = site.put(key, (HEADER + order("again")).encode())
    site.await_status(upload, "COMPLETED")
    for item in (*items.with_id(site, upload.id), *items.with_id(site, "orders:again")):
        site.client("dynamodb").delete_item(TableName=site.table, Key=items.key_of(item).attributes)

    assert run("file", key)[0] == 1
    assert run("reprocess", key, "--yes")[0] == 0

    assert run("file", key, "--records")[0] == 0
    assert list(items.with_id(site, "orders:again"))


def test_a_forgotten_record_is_gone_in_both_regions_with_its_file(
    everywhere: Mapping[str, Site], run: Run
) -> None:
    put(everywhere[PRIMARY], "orders/answers/gone.csv", HEADER + order("gone") + order("gone", "x"))

    assert run("forget", "orders", "gone", "--yes", "--objects")[0] == 0

    for region in (PRIMARY, STANDBY):
        wait_for(
            lambda region=region: run("record", "orders", "gone", "--region", region)[0] == 1,  # type: ignore[misc]
            f"the order to be gone in {region}",
        )
    assert run("forget", "orders", "gone", "--dry-run")[0] == 1
    assert answer(run, "file", "orders/answers/gone.csv")["versions"][0]["inS3"] is False
