"""Items deleted behind the product's back are found and restored, each of them and no others."""

import gzip
import json
import random
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local.cloud import Cloud
from naming import PRIMARY, SCRATCH_TABLE, STANDBY
from ops import cli, items
from ops.items import Item, Key
from services.processor.runtime.ingest import LARGE_FILE_BYTES
from tests.e2e.site import Site, Upload, sites
from tests.e2e.waiting import wait_for

PREFIX = "orders/reconciled/"
HEADER = "id,timestamp,amount,currency,category,quantity,customer_id,customer_tier\n"
LARGE_ROW_BYTES = 390_000
LOST_ROWS, LOST_ENTRIES = 1_000, 10
Lines = list[dict[str, Any]]
Run = Callable[..., tuple[int, Lines]]


def order(name: object, quantity: object = 2, amount: object = "19.90") -> str:
    return f"{name},2026-11-01T10:00:00Z,{amount},EUR,books,{quantity},c-1,gold\n"


def as_json(name: object) -> str:
    row = order(name).strip().split(",")
    return json.dumps(dict(zip(HEADER.strip().split(","), row, strict=True))) + "\n"


@pytest.fixture
def site(cloud: Cloud) -> Iterator[Site]:
    """The primary; afterwards this file's objects and items are gone again."""
    site = sites(cloud)[PRIMARY]
    yield site
    listed = site.client("s3").list_object_versions(Bucket=site.bucket, Prefix=PREFIX)
    for each in listed.get("Versions", ()):
        site.client("s3").delete_object(
            Bucket=site.bucket, Key=each["Key"], VersionId=each["VersionId"]
        )


@pytest.fixture
def run(ops: Run) -> Run:
    """Reconcile; return the exit code and what the lines of the output say."""
    scope = ("reconcile", "--prefix", PREFIX, "--in-work-s", "0", "--json")
    return lambda *options: ops(*scope, *options)


@pytest.fixture
def ops(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; return its exit code and what the lines of the output say."""
    monkeypatch.setattr(
        "ops.connection._session", lambda region_name, **_: cloud.session(region_name)
    )

    def run(*arguments: str) -> tuple[int, Lines]:
        code = cli.main(arguments)
        return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def put_everything(site: Site) -> list[Upload]:
    """Put files of every form, some of whose rows are rejected, corrected, or sent again."""
    uploads = []

    def put(name: str, content: str, *, packed: bool = False) -> Upload:
        body = gzip.compress(content.encode()) if packed else content.encode()
        upload = site.put(PREFIX + name, body)
        site.await_status(upload, "COMPLETED")
        uploads.append(upload)
        return upload

    many = range(1, 501)
    put("a.csv", HEADER + "".join(order(f"r-a-{n}", 2 if n % 10 else "many") for n in many))
    put("b.json", "".join(as_json(f"r-b-{n}") for n in many))
    put("c.csv.gz", HEADER + "".join(order(f"r-c-{n}") for n in many), packed=True)
    put("d.jsonl.gz", "".join(as_json(f"r-d-{n}") for n in many), packed=True)
    # Of so many rows that no other version has, some are left, and say what its sequencer was.
    for amount in (1, 2, 3):
        rows = [order(f"r-e-{n}", amount=amount) for n in range(1, 201)]
        rows += [order(f"r-only-{amount}-{n}") for n in range(20)]
        put("e.csv", HEADER + "".join(rows))
    for number in range(5):
        rows = [order(f"r-s-{number}-{n}") for n in range(20)]
        put(f"small/{number}.csv", HEADER + "".join(rows) + order(f"r-s-{number}", "many"))
    wrong = put("z.csv", HEADER + "".join(order(f"r-z-{n}", "many") for n in range(1, 51)))
    marks = [f"{wrong.id}/{wrong.timestamp}/{n}" for n in range(1, 41)]
    rows = [f"{mark},{order(f'r-z-{n}')}" for n, mark in enumerate(marks, 1)]
    put("corrected.csv", f"ingestion:corrects,{HEADER}{''.join(rows)}")
    return uploads


def stored(site: Site, uploads: list[Upload]) -> Mapping[Key, Item]:
    """Return the items of the files, without what differs between the regions."""
    found = site.items(uploads).values()
    return {Key(*key): items.own_attributes(item) for each in found for key, item in each.items()}


def test_a_thousand_items_and_ten_ledger_entries_are_found_and_restored_and_nothing_else_is_named(
    site: Site, cloud: Cloud, run: Run
) -> None:
    uploads = put_everything(site)
    before = stored(site, uploads)
    assert run("--rows")[0] == 0
    chosen = random.Random(11)
    entries = {Key(each.id, each.timestamp): each for each in uploads}
    lost_rows = chosen.sample(sorted(before.keys() - entries.keys()), LOST_ROWS)
    lost_entries = chosen.sample(sorted(entries), LOST_ENTRIES)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(site.delete, (*lost_rows, *lost_entries)))

    code, (*named, outcome) = run("--rows")

    assert code == 1
    assert {(each["recordId"], each["timestamp"]) for each in named if "row" in each} == set(
        lost_rows
    )
    whole = {(each["key"], each["version"]) for each in named if "row" not in each}
    assert whole == {(entries[key].key, entries[key].version) for key in lost_entries}
    assert set(outcome["found"]) <= {"ROW_MISSING", "FILE_MISSING", "CORRECTED_ROW_MISSING"}

    assert run("--rows", "--repair", "--yes")[0] == 0

    after = stored(site, uploads)
    assert after.keys() == before.keys()
    assert {key for key in before if after[key] != before[key]} == set()
    peer = sites(cloud)[STANDBY]
    wait_for(lambda: stored(peer, uploads) == before, "the replica to have all of it")
    assert run("--rows")[0] == 0
    assert run("--rows", "--against", STANDBY)[0] == 0


def test_a_file_whose_event_was_lost_is_found_and_processed(site: Site, run: Run) -> None:
    with site.silent():
        upload = site.put(PREFIX + "silent.csv", (HEADER + order("r-silent")).encode())

    code, (named, _) = run()
    assert (code, named["code"], named["key"]) == (1, "FILE_MISSING", upload.key)
    assert run("--repair", "--yes")[0] == 0

    assert site.status(upload) == "COMPLETED"
    assert site.query("orders:r-silent")


def test_a_file_that_the_state_machine_stores_is_waited_for(site: Site, run: Run) -> None:
    # Few rows, as large as DynamoDB takes them.
    rows = LARGE_FILE_BYTES // LARGE_ROW_BYTES + 2
    body = b"".join(b'{"n": %d, "t": "%s"}\n' % (n, b"x" * LARGE_ROW_BYTES) for n in range(rows))
    with site.silent():
        upload = site.put("large/reconciled/a.json", body)
    scope = ("--rows", "--repair", "--yes", "--prefix", "large/reconciled/")

    assert run(*scope)[0] == 0
    assert site.status(upload) == "COMPLETED"
    site.delete((upload.record_id(rows), upload.timestamp))
    assert run(*scope)[0] == 0

    assert site.status(upload) == "COMPLETED"
    assert site.item((upload.record_id(rows), upload.timestamp))
    site.remove(upload, rows)


def test_files_that_nobody_processed_are_replayed(site: Site, ops: Run) -> None:
    with site.silent():
        uploads = [
            site.put(f"{PREFIX}replayed/{n}.csv", (HEADER + order(f"r-r-{n}")).encode())
            for n in range(20)
        ]
    chosen = ("replay", "--prefix", f"{PREFIX}replayed/", "--since", "2020-01-01", "--json")

    assert ops(*chosen, "--dry-run") == (0, [{"chosen": 20, "toDeliver": 20}])
    assert ops(*chosen, "--yes")[0] == 0

    assert {site.status(each) for each in uploads} == {"COMPLETED"}
    assert ops(*chosen, "--yes") == (0, [{"outcomes": {}}])
    # Each file's ledger entry and its record.
    code, [announced] = ops(*chosen, "--announce", "--rate", "1", "--yes")
    assert (code, announced["published"]) == (0, 40)


def test_the_self_test_holds_in_both_regions(cloud: Cloud, ops: Run) -> None:
    for site in sites(cloud).values():
        # The first in the listing: the canary tests delete records behind the back of others.
        upload = site.put("canary/!self-test.json", b'{"a": 1}')
        site.await_status(upload, "COMPLETED")

    code, outcomes = ops("reconcile", "--both", "--self-test", "--json")

    assert code == 0
    assert [(each["region"], len(each["proofs"])) for each in outcomes] == [
        (PRIMARY, 4),
        (STANDBY, 4),
    ]


def test_a_restore_brings_everything_back_and_leaves_no_table_behind(site: Site, ops: Run) -> None:
    upload = site.put(f"{PREFIX}restored.csv", (HEADER + order("r-restored")).encode())
    site.await_status(upload, "COMPLETED")

    # The local cloud keeps no history, so how far back it reaches is unknown.
    code, [outcome] = ops("restore-check", "--try", "--yes", "--settled-s", "-60", "--json")

    assert code == 2
    assert outcome["restored"]["problem"] is None
    assert outcome["restored"]["sampled"] > 0
    assert outcome["restored"]["items"] == outcome["restored"]["restoredItems"]
    tables = site.client("dynamodb").list_tables()["TableNames"]
    assert SCRATCH_TABLE not in tables
