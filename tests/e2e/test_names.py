"""A file is read or ignored by the end of its name, and never without a ledger entry."""

import gzip
from collections.abc import Callable, Mapping

import pytest

from local.cloud import Cloud
from naming import REGIONS
from tests.e2e.oracle import plain
from tests.e2e.site import Site, sites

CSV = b"hall,remark\nA,one\nB,two\n"
TSV = CSV.replace(b",", b"\t")
LINES = b'{"hall": "A"}\n{"hall": "B"}\n'
READ: Mapping[str, bytes] = {
    "a.CSV": CSV,
    "a.Csv": CSV,
    "a.tsv": TSV,
    "a.jsonl": LINES,
    "a.ndjson": LINES,
    "a.JSON": LINES,
    "a.csv.gz": gzip.compress(CSV),
    "a.json.gz": gzip.compress(LINES),
    "a.Tsv.gz": gzip.compress(TSV),
}
IGNORED = ("about.txt", "a.xlsx", "no ending", "Büro+%2B.zip")


@pytest.fixture(scope="module")
def regions(cloud: Cloud) -> Mapping[str, Site]:
    return sites(cloud)


@pytest.fixture(params=REGIONS)
def put(
    request: pytest.FixtureRequest, regions: Mapping[str, Site]
) -> Callable[[str, bytes, str], list[Mapping[str, object]]]:
    """Put a file in one region; return its ledger entries in both, once it has the status."""

    def put_file(name: str, content: bytes, status: str) -> list[Mapping[str, object]]:
        upload = regions[request.param].put(f"names/{name}", content)
        for site in regions.values():
            site.await_status(upload, status)
        return [plain(site.ledger_entry(upload)) for site in regions.values()]

    return put_file


Put = Callable[[str, bytes, str], list[Mapping[str, object]]]


@pytest.mark.parametrize("name", READ)
def test_a_known_ending_is_read_in_any_case_and_compressed(put: Put, name: str) -> None:
    for entry in put(name, READ[name], "COMPLETED"):
        assert (entry["rowsRead"], entry["rowsAccepted"]) == (2, 2)


@pytest.mark.parametrize("name", IGNORED)
def test_anything_else_has_an_entry_that_says_why_it_was_ignored(put: Put, name: str) -> None:
    for entry in put(name, b"\x00 not a table", "IGNORED"):
        assert entry["rowsRead"] == 0
        assert entry["failure"]["code"] == "UNKNOWN_SUFFIX"  # type: ignore[index]  # plain values


def test_a_folder_of_the_console_has_no_entry(regions: Mapping[str, Site]) -> None:
    for site in regions.values():
        folder = site.put("names/folder/", b"")
        after = site.put("names/after.txt", b"text")
        site.await_status(after, "IGNORED")

        assert site.items([folder])[folder.id] == {}
