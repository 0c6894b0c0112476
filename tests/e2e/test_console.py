"""``ops console`` in a real browser, while files go through.

It needs Chromium: the machine's own, or the one from npm that ``make browser`` unpacks.
Pictures of the page are written to ``build/console``.
"""

import http.client
import os
import re
import signal
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import naming
from local import console as local_console
from local import processes
from local.cloud import Cloud
from local.cloud_state import Record, StateFolder
from local.paths import REPOSITORY
from ops import queues
from ops.waiting import wait_for as wait_briefly
from tests.e2e.browser import Tab, browsing, find_browser
from tests.e2e.site import Site, site
from tests.e2e.waiting import wait_for

PICTURES = REPOSITORY / "build" / "console"
LEGIBILITY = (Path(__file__).parent / "legibility.js").read_text()
ENDS_WITHIN_S = 15.0
HEADER = "id,timestamp,amount,currency,category,quantity,customer_id,customer_tier"


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    if not (program := find_browser()):
        pytest.skip("NO BROWSER, so nobody saw the page: make browser, or install Chromium")
    with browsing(program, tmp_path_factory.mktemp("browser")) as tab:
        tab.resize(1280, 900)
        yield tab


@pytest.fixture(scope="module")
def east(cloud: Cloud) -> Site:
    return site(cloud, naming.PRIMARY)


@contextmanager
def console(cloud: Cloud, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command as a person does; yield its process and the address that it prints."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "ops", "console", *options],
        cwd=REPOSITORY,
        env={**environ, **cloud.variables()},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="module")
def address(cloud: Cloud) -> Iterator[str]:
    with console(cloud) as (_, found):
        yield found


def await_text(tab: Tab, wanted: str) -> None:
    """Wait until the page shows a text; runs of blanks count as one."""
    pattern = re.compile(wanted)
    wait_for(
        lambda: pattern.search(" ".join(tab.text().split())),
        lambda: f"{wanted!r} on the page, which says: {tab.text()[:2000]}",
    )


def orders(rows: int, bad: int) -> bytes:
    """Return a file of orders, of which the last ones have no number as their quantity."""
    lines = [
        f"{n},2026-11-01T10:00:00Z,19.90,EUR,books,{2 if n < rows - bad else 'two'},c-1,gold"
        for n in range(rows)
    ]
    return "\n".join([HEADER, *lines, ""]).encode()


def test_files_appear_on_the_open_page_as_they_go(tab: Tab, address: str, east: Site) -> None:
    tab.open(address)
    await_text(tab, "us-east-1 primary")
    tab.run("window.since = 'the page was opened'")

    names = [f"orders/{uuid.uuid4().hex[:8]}.csv" for _ in range(3)]
    for name in names:
        east.put(name, orders(rows=20, bad=2))

    for name in names:
        await_text(tab, rf"{name} us-east-1 · orders Completed 18 2 ")
    await_text(tab, r"Last file ok: orders/[0-9a-f]{8}\.csv, [\d.]+ s ago")
    await_text(tab, r"WRONG_TYPE [\d,]+")
    await_text(tab, r"[\d,.]+ rows a second")
    assert tab.run("window.since") == "the page was opened", "it was not loaded again"
    assert tab.messages == [], "no error, and nothing that the page's own policy blocks"


def test_the_name_of_a_file_is_shown_and_never_run(tab: Tab, address: str, east: Site) -> None:
    tab.open(address)
    name = 'x/<img src=x onerror="window.ran=1"><script>window.ran=1</script>.csv'

    east.put(name, b"a,b\n1,2\n")

    wait_for(lambda: name in tab.text(), "the name as it is")
    assert tab.run("window.ran") is None
    assert tab.messages == []


def test_a_dead_letter_is_said_with_the_command_to_run(tab: Tab, address: str, east: Site) -> None:
    tab.open(address)
    url = east.dead_letters_url
    before = queues.depth(east, url).visible

    east.client("sqs").send_message(QueueUrl=url, MessageBody="no event at all")
    await_text(tab, rf"Dead letters us-east-1 {before + 1} waiting ops redrive")

    wait_for(lambda: _taken(east, "no event at all"), "the letter")
    await_text(tab, "Dead letters (?:ok: none|attention: [0-9]+ waiting)")


def _taken(east: Site, body: str) -> bool:
    url = east.dead_letters_url
    ours = [each for each in queues.receive(east, url, hidden_s=0) if each["Body"] == body]
    for message in ours:
        queues.remove(east, url, message)
    return bool(ours)


def test_what_a_person_has_opened_stays_open_while_the_page_goes_on(
    tab: Tab, address: str, east: Site
) -> None:
    tab.open(address)
    with _alarm_without_data(east):
        await_text(tab, "What is not known")
        tab.run("document.querySelector('#unclear summary').click()")

        name = f"orders/{uuid.uuid4().hex[:8]}.csv"
        east.put(name, orders(rows=2, bad=0))

        await_text(tab, rf"{name} us-east-1 · orders Completed")
        assert tab.run("document.getElementById('unclear').open")


@contextmanager
def _alarm_without_data(east: Site) -> Iterator[None]:
    """Let one alarm say nothing, as its metric has no data; all others do after enough tests."""
    cloudwatch, name = east.client("cloudwatch"), f"{naming.PREFIX}silent-{uuid.uuid4().hex[:8]}"
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="Tests",
        MetricName="Nothing",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="missing",
    )
    try:
        yield
    finally:
        cloudwatch.delete_alarms(AlarmNames=[name])


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390], ids=["desktop", "phone"])
def test_the_page_is_legible(tab: Tab, address: str, width: int, *, dark: bool) -> None:
    tab.resize(width, 900, dark=dark)
    tab.open(address)
    await_text(tab, "Newest files")

    assert tab.run("document.documentElement.scrollWidth") <= width, "nothing is cut off"
    assert tab.run(LEGIBILITY) == []
    heads = tab.run("[...document.querySelectorAll('h1, h2, h3')].map((h) => Number(h.tagName[1]))")
    assert heads.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(heads))
    tab.picture(
        PICTURES / f"{'phone' if width < 600 else 'desktop'}-{'dark' if dark else 'light'}.png"
    )
    tab.resize(1280, 900)


def test_the_page_of_a_file_needs_no_server(tab: Tab, cloud: Cloud, tmp_path: Path) -> None:
    file = tmp_path / "status.html"
    status = subprocess.run(
        [sys.executable, "-m", "ops", "status", "--html", file],
        cwd=REPOSITORY,
        env={**os.environ, **cloud.variables()},
        capture_output=True,
        text=True,
        check=False,
    )

    assert status.returncode in (1, 2), status.stderr
    tab.open(file.as_uri())
    await_text(tab, "A snapshot")
    await_text(tab, "us-west-2 standby")
    assert tab.run("document.scripts.length") == 0
    assert tab.messages == []


def test_without_the_token_or_under_another_name_there_is_nothing(address: str) -> None:
    place = urlsplit(address)
    asked = {
        "the page": (place.path, "127.0.0.1"),
        "no token": ("/", "127.0.0.1"),
        "another name": (place.path, "rebound.example"),
    }

    found = {}
    for what, (path, host) in asked.items():
        connection = http.client.HTTPConnection("127.0.0.1", place.port or 0, timeout=30)
        connection.request("GET", path, headers={"Host": host})
        found[what] = connection.getresponse().status
        connection.close()

    assert found == {"the page": 200, "no token": 404, "another name": 400}


def test_events_are_heard_as_they_come_and_nothing_stays_behind(
    tab: Tab, cloud: Cloud, east: Site
) -> None:
    before = _listeners(east)
    with console(cloud, "--listen") as (process, address):
        tab.open(address)
        await_text(tab, "Heard since")
        assert len(_listeners(east) - before) == 1
        name = f"orders/{uuid.uuid4().hex[:8]}.csv"

        east.put(name, orders(rows=3, bad=1))

        await_text(tab, rf"{name} FileChanged · Completed · us-east-1")
        process.terminate()
        wait_briefly(lambda: process.poll() is not None, "its end", limit_s=ENDS_WITHIN_S)
        assert process.returncode == 0
        assert _listeners(east) == before


def _listeners(east: Site) -> set[str]:
    found = east.client("sqs").list_queues(QueueNamePrefix="listener-")
    return set(found.get("QueueUrls", []))


def test_ctrl_c_ends_it_and_the_open_page_says_so(tab: Tab, cloud: Cloud) -> None:
    with console(cloud, "--lost-region", naming.PRIMARY) as (process, address):
        tab.open(address)
        await_text(tab, "us-east-1 primary not asked: the region is given as lost")

        process.send_signal(signal.SIGINT)

        wait_briefly(lambda: process.poll() is not None, "its end", limit_s=ENDS_WITHIN_S)
        assert process.returncode == 0
        await_text(tab, "The console does not answer: this is what it last showed")


def test_the_page_of_a_local_cloud_is_started_once_and_ends_with_the_emulator(
    tmp_path: Path,
) -> None:
    cloud = Cloud.launch(tmp_path / "cloud")
    try:
        first, again = local_console.start(cloud), local_console.start(cloud)
        assert first == again
        with urllib.request.urlopen(first, timeout=30) as answer:
            assert answer.status == 200
        assert len(processes.environments(cloud.state_dir)) == 2, "the emulator and the console"

        record = Record.read(StateFolder(cloud.state_dir).record)
        assert record
        os.kill(record.pid, signal.SIGKILL)

        wait_for(lambda: not processes.environments(cloud.state_dir), "the end of both")
    finally:
        Cloud.remove(tmp_path / "cloud")
