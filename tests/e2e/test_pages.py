"""Every command in the runbooks and in the operations page works as it stands there.

It is read out of the page, and typed into a shell with a terminal that answers its question with
yes. What a sentence only names is run with ``--dry-run`` if it would change something.
"""

import os
import pty
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import naming
from local.aws_isolation import ACCOUNT, without_aws
from local.cloud import Cloud
from local.paths import REPOSITORY, tools_path
from naming import PRIMARY, REGIONS, STANDBY
from ops import queues, takeover
from ops.access_point import find
from ops.deployment import Deployment
from tests.e2e.conftest import ASSEMBLY
from tests.e2e.pages import PAGES, Command, commands
from tests.e2e.site import Site, site
from tests.e2e.waiting import wait_for

KEY = "orders/2026/a.csv"
ORDERS = b"""id,timestamp,amount,currency,category,quantity,customer_id,customer_tier
1001,2026-11-22T08:00:00Z,19.90,EUR,books,1,c-17,gold
1002,2026-11-22T08:00:00Z,none,EUR,books,1,c-17,gold
"""
NO_EVENT = "this is no event"
LIMIT_S = 240
CONSOLE_S = 6
# What a page leaves to its reader to fill in.
BLANKS = {"DATASET KEY": "orders 1001", "KEY": KEY}
# A sentence may name a command without what it is about.
NAMED_ALONE = {"ops file": "ops file KEY"}
# The cloud is shared with other tests, so there may be findings of theirs.
MAY_FIND, MAY_NOT_KNOW = {0, 1}, {0, 1, 2}


@dataclass(frozen=True, slots=True)
class World:
    """The local cloud, with what the pages talk about."""

    cloud: Cloud
    folder: Path
    ops_folder: Path

    @property
    def primary(self) -> Site:
        return site(self.cloud, PRIMARY)

    def run(self, text: str) -> tuple[int, str]:
        """Type a command, and yes; return its exit code and what it prints."""
        ours, its = pty.openpty()
        os.write(ours, b"y\n")
        is_of_repository = text.startswith(("make ", "cdk "))
        environ = {
            **without_aws(os.environ),
            **self.cloud.variables(),
            "PATH": f"{self.ops_folder}:{tools_path()}",
        }
        done = subprocess.run(
            ["bash", "-c", text],
            cwd=REPOSITORY if is_of_repository else self.folder,
            env=environ,
            stdin=its,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=LIMIT_S,
        )
        os.close(its)
        os.close(ours)
        return done.returncode, done.stdout


Prepare = Callable[[World], str | None]


@dataclass(frozen=True, slots=True)
class Known:
    """A command by what it begins with: how it may end, and what has to be so before.

    ``prepare`` may return what the blank ``ID`` stands for.
    """

    pattern: str
    codes: set[int]
    prepare: Prepare = lambda _: None


def a_dead_letter(world: World) -> None:
    region = world.primary
    region.client("sqs").send_message(QueueUrl=region.dead_letters_url, MessageBody=NO_EVENT)


def a_quarantined_letter(world: World) -> str:
    """Return the id of a letter in quarantine, which is there by a redrive."""
    if not (found := _quarantined(world)):
        a_dead_letter(world)
        world.run("ops redrive --yes")
        found = wait_for(lambda: _quarantined(world), "a letter in quarantine")
    return found


def _quarantined(world: World) -> str:
    _, printed = world.run("ops quarantine list --json")
    found = re.search(r'"id": ?"([^"]+)"', printed)
    return found[1] if found else ""


def a_canary(world: World) -> None:
    """Have the canary's own file processed, on which the self-test works."""
    region = world.primary
    region.client("lambda").invoke(FunctionName=naming.CANARY, Payload=b"{}")
    wait_for(lambda: region.query(f"canary:{region.name}"), "the canary's record")


def no_takeover(world: World) -> None:
    for name in REGIONS:
        takeover.switch_off(site(world.cloud, name))


def the_account(_: World) -> str:
    return ACCOUNT


KNOWN = (
    Known(r"ops --help", {0}),
    # Until Ctrl-C.
    Known(r"ops console\b.*", {0, 130}),
    Known(r"ops status\b.*", MAY_NOT_KNOW),
    Known(r"ops file\b.*", MAY_FIND),
    Known(r"ops files\b.*", {0}),
    Known(r"ops items\b.*|make items\b.*", {0}),
    Known(r"ops rejected\b.*", MAY_FIND),
    Known(r"ops record\b.*", {0}),
    Known(r"ops forget\b.* --dry-run", {0}),
    Known(r"ops reprocess\b.*", {0}),
    Known(r"ops reconcile\b.*", MAY_FIND, a_canary),
    Known(r"ops replay\b.*", {0}),
    Known(r"ops restore-check\b.*", MAY_NOT_KNOW),
    Known(r"ops redrive\b.*", MAY_FIND, a_dead_letter),
    Known(r"ops quarantine (list|show|return)\b.*", {0}, a_quarantined_letter),
    # The local cloud has no pipeline, so of that stack nothing can be known.
    Known(r"ops drift", MAY_NOT_KNOW),
    Known(r"ops drift \S+", MAY_FIND),
    # It refuses a cloud whose faults are made in another way.
    Known(r"ops drill\b.*", {3}, the_account),
    Known(r"ops routes\b.*", MAY_FIND),
    Known(r"ops audit\b.*", {0}),
    Known(r"ops failover\b.*", {0}),
    Known(r"ops failback\b.*", {0}),
    Known(r"ops takeover on\b.*", {0}, no_takeover),
    Known(r"ops takeover off\b.*", {0}),
    Known(r"aws \S.*", {0}),
    Known(r"export .*", {0}),
    # Every other test stands on it.
    Known(r"make synth", {0}),
    Known(r"cdk deploy .*", {0}),
)


@pytest.fixture(scope="module")
def world(
    cloud: Cloud, tmp_path_factory: pytest.TempPathFactory, ops_folder: Path
) -> Iterator[World]:
    world = World(cloud, tmp_path_factory.mktemp("reader"), ops_folder)
    upload = world.primary.put(KEY, ORDERS)
    world.primary.await_status(upload, "COMPLETED")
    deployment = Deployment(cloud.session(STANDBY))
    point = find(deployment, deployment.region(STANDBY))
    point.send_to([PRIMARY])
    yield world
    point.send_to([PRIMARY])
    for name in REGIONS:
        takeover.switch_off(deployment.region(name))
    for url in (world.primary.dead_letters_url, world.primary.quarantine_url):
        for message in queues.receive(world.primary, url, hidden_s=30, wait_s=1):
            if NO_EVENT in message["Body"]:
                queues.remove(world.primary, url, message)


def test_no_command_hides_from_this_test() -> None:
    found = {command.text for command in commands()}

    for page in PAGES:
        for line in page.read_text().splitlines():
            if re.match(r"\s*\$?\s*(ops|aws|make|cdk) [a-z-]+", line) and not line.endswith("\\"):
                typed = " ".join(re.sub(r"\s+# .*", "", line).split())
                assert any(text in typed or typed in text for text in found), line


def test_every_command_is_prepared_for() -> None:
    for command in commands():
        assert _known(command)


@pytest.mark.parametrize("command", commands(), ids=str)
def test_a_command_works_as_it_stands_in_its_page(command: Command, world: World) -> None:
    known = _known(command)
    if (
        not shutil.which(command.text.split()[0], path=tools_path())
        and "export" not in command.text
    ):
        pytest.skip(f"NOT PROVED, as this machine has no {command.text.split()[0]}: {command}")

    letter = known.prepare(world)
    code, printed = world.run(_typed(command, letter or ""))

    assert code in known.codes, printed
    assert "Traceback" not in printed


def _known(command: Command) -> Known:
    known = [each for each in KNOWN if re.fullmatch(each.pattern, command.text)]
    assert known, f"prepare for this command and say how it may end: {command}"
    return known[0]


def _typed(command: Command, letter: str) -> str:
    """Return what a reader types: the blanks filled in, and nothing that runs for ever."""
    text = NAMED_ALONE.get(command.text, command.text)
    for blank, value in {**BLANKS, "ID": letter}.items():
        text = re.sub(rf"\b{blank}\b", value, text)
    if text.startswith("ops console"):
        return f"timeout --preserve-status -s INT {CONSOLE_S} {text}"
    assembly = ASSEMBLY / naming.stage_assembly(STANDBY)
    text = text.replace(f"cdk.out/{naming.stage_assembly(STANDBY)}", str(assembly))
    if text == "make synth":
        return "make --dry-run synth"
    if not command.is_in_block and _changes(text):
        return f"{text} --dry-run"
    return text


def _changes(text: str) -> bool:
    changing = ("failover", "failback", "takeover", "redrive", "reprocess", "quarantine return")
    return "--dry-run" not in text and text.startswith(tuple(f"ops {verb}" for verb in changing))
