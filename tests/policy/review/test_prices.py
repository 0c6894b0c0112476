"""The table of prices is complete and dated, and what the documentation says follows from it."""

import ast
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from policies.templates import assembly
from review.cost.bills import RULES
from review.cost.estimate import FREE, estimate, per_million
from review.cost.month import AS_OF, CUSTOM_METRICS, FILE, SETTINGS, Table
from services.processor.runtime.ingest import LARGE_FILE_BYTES
from services.processor.runtime.large.rounds import RANGE_BYTES
from stages.settings import LOAD
from tests import deployer
from tests.policy.conftest import Synthesize

ROOT = Path(__file__).resolve().parents[3]
SERVICES = {
    "processor": "serverless-data-processor-prod",
    "stream_consumer": "serverless-stream-consumer-prod",
    "canary": "serverless-canary-prod",
}
HEADS = ("What", "Write units, `all`", "`exceptions`", "USD a million, `all`", "`exceptions`")
METRIC = re.compile(r"([A-Z][a-z]+){2,}")


def test_every_resource_type_of_the_app_says_what_of_it_bills_or_why_nothing_does(
    green: Path, customised: Path, two_accounts: Path
) -> None:
    for folder in (green, customised, two_accounts):
        assert estimate(assembly.read(folder).stacks)["unpriced"] == []
    assert not RULES.keys() & FREE.keys()
    assert all(len(reason.split()) > 2 for reason in FREE.values())


@pytest.fixture(scope="module")
def two_accounts(synthesize: Synthesize) -> Path:
    own = {**deployer.OWN, "standbyAccount": deployer.OWN_STANDBY_ACCOUNT}
    return synthesize(**own)


def test_every_price_is_positive_and_comes_from_a_page_that_was_read_on_a_day() -> None:
    lists = tomllib.loads(FILE.read_text())["price_lists"]

    names = [name for each in lists for name in each["price"]]
    assert len(names) == len(set(names))
    assert min(price["usd"] for each in lists for price in each["price"].values()) > 0
    assert all(each["page"].startswith("https://aws.amazon.com/") for each in lists)
    assert min(each["read"] for each in lists).isoformat() == AS_OF


def test_the_load_was_measured_with_the_sizes_and_no_more_memory_than_there_is(green: Path) -> None:
    load = Table().load
    memory = {
        each.properties.get("FunctionName"): each.properties["MemorySize"]
        for stack in assembly.read(green).stacks
        for each in stack.resources("AWS::Lambda::Function")
        if "MemorySize" in each.properties
    }

    assert memory["serverless-data-processor-prod"] >= load["processor_mb"]
    assert memory["serverless-stream-consumer-prod"] >= load["consumer_mb"]
    assert (load["large_file_bytes"], load["range_bytes"]) == (LARGE_FILE_BYTES, RANGE_BYTES)


@pytest.mark.parametrize("service", SERVICES)
def test_every_metric_that_a_function_writes_is_in_the_list_of_those_that_bill(
    service: str,
) -> None:
    runtime = ROOT / "services" / service / "runtime"
    telemetry = runtime / "telemetry.py"
    written = {
        node.value
        for node in ast.walk(ast.parse(telemetry.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and METRIC.fullmatch(node.value)
    } - {"SequenceNumber"}  # a part of a change

    listed = [name for names in CUSTOM_METRICS[SERVICES[service]].values() for name in names]
    assert written == set(listed)
    others = [each for each in runtime.rglob("*.py") if "add_metric(" in each.read_text()]
    assert others == [telemetry]


def test_a_deployers_load_sets_what_the_project_assumes(customised: Path, green: Path) -> None:
    assumed = estimate(assembly.read(green).stacks)["load"]
    own = estimate(assembly.read(customised).stacks)["load"]

    names = {re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", key) for key in LOAD}
    assert names <= assumed.keys()
    assert assumed == Table().load
    assert {name: own[name] for name in own if own[name] != assumed[name]} == {
        "files_per_day": 20,
        "records_per_file": 2_000_000,
        "rejected_share": 0.2,
    }


def prices_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return a table of what a million records cost, under both settings of ``statusIndex``."""
    cells = [
        (
            line["what"],
            *(str(line["units"].get(setting, "")) for setting in SETTINGS),
            *(f"{line['usd'][setting]:,.4f}" for setting in SETTINGS),
        )
        for line in rows
    ]
    head, *lines = (f"| {' | '.join(row)} |" for row in (HEADS, *cells))
    return "\n".join([head, f"|{'---|' * len(HEADS)}", *lines])


def test_the_report_and_the_documentation_say_the_same_of_a_million_records() -> None:
    written = (ROOT / "docs" / "scale.md").read_text()

    assert prices_table(per_million(Table())).strip() in written
    assert f"list prices of {AS_OF}" in written


def test_the_documentation_says_what_an_idle_deployment_costs(green: Path) -> None:
    reported = estimate(assembly.read(green).stacks)

    written = " ".join((ROOT / "docs" / "deployment.md").read_text().split())

    rotated = sum(line["idle_usd"] for line in reported["lines"] if "rotated" in line["item"])
    first_year = reported["idle_usd"] - rotated
    # What is written is about right: a new alarm does not have to change a page.
    told = {
        r"costs about (\d+) dollars a month": first_year,
        r"about (\d+) from the third year": reported["idle_usd"],
        r"for a year, it is about (\d+) dollars": reported["monthly_usd"],
    }
    for sentence, usd in told.items():
        [about] = re.findall(sentence, written)
        assert float(about) == pytest.approx(usd, rel=0.1), f"docs/deployment.md: {sentence}"
