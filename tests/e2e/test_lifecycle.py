"""The local cloud comes up, stays the same, and goes without a trace, whatever happens to it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import naming
from local.cloud import Cloud
from local.probes.scratch_resources import Sandbox
from naming import REGIONS
from tests.e2e import tiny
from tests.e2e.commands import LocalCommand, Trap
from tests.e2e.waiting import wait_for

RUNNING, NOT_RUNNING, INTERRUPTED = 0, 3, 130
LIST_QUEUES = """
import boto3, botocore.config
config = botocore.config.Config(read_timeout=5, retries={"total_max_attempts": 1})
print(boto3.client("sqs", config=config).list_queues()["QueueUrls"])
"""
# Its child does not notice when the emulator ends.
WITH_CHILD = """
import subprocess
def handler(event, context):
    subprocess.Popen(["sleep", "600"])
"""


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trap]:
    trap = Trap(tmp_path_factory.mktemp("trap"))
    yield trap
    trap.close()


@pytest.fixture(scope="module")
def tiny_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.write(tmp_path_factory.mktemp("assembly"), "first")


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, tiny_assembly: Path, trap: Trap
) -> Iterator[LocalCommand]:
    """A small cloud that was started in an environment that points elsewhere."""
    command = LocalCommand(tmp_path_factory.mktemp("small"), trap.environ)
    up = command.run("up", "--assembly", tiny_assembly)
    assert up.returncode == 0, up.stderr
    yield command
    command.run("down")


@pytest.fixture
def unfinished(
    tmp_path: Path, tiny_assembly: Path
) -> Iterator[tuple[LocalCommand, subprocess.Popen[bytes]]]:
    """A cloud that is coming up: the emulator runs and the rest is under way."""
    command = LocalCommand(tmp_path / "unfinished", os.environ)
    up = command.begin("up", "--assembly", tiny_assembly)
    wait_for(lambda: command.record, lambda: "the emulator", 60)
    yield command, up
    up.kill()
    up.wait()
    command.run("down")


def test_an_environment_that_points_elsewhere_is_not_followed(
    running: LocalCommand, trap: Trap
) -> None:
    status = running.run("status", "--json")

    assert status.returncode == RUNNING
    assert {(region, name) for region, name, _ in json.loads(status.stdout)["stacks"]} == {
        ("us-east-1", naming.BOOTSTRAP_STACK),
        *((region, name) for region in REGIONS for name in (naming.TOOLKIT_STACK, "tiny")),
    }
    assert not trap.is_sprung


def test_a_program_in_such_an_environment_is_led_back(running: LocalCommand, trap: Trap) -> None:
    variables = running.run("env").stdout

    listed = subprocess.run(
        ["bash", "-c", f"{variables}\n{sys.executable} -c '{LIST_QUEUES}'"],
        env=trap.environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "/first" in listed.stdout, listed.stderr
    assert not trap.is_sprung


def test_a_second_up_finds_nothing_to_do(running: LocalCommand, tiny_assembly: Path) -> None:
    before = running.record

    up = running.run("up", "--assembly", tiny_assembly)

    assert up.returncode == 0
    assert up.stderr.startswith("nothing to do")
    assert running.record == before


def test_a_changed_assembly_is_deployed_to_the_cloud_that_runs(
    running: LocalCommand, tmp_path: Path
) -> None:
    before = running.record
    cloud = Cloud.find(running.state)
    assert before
    assert cloud
    queues = [cloud.client("sqs", region) for region in REGIONS]
    kept = queues[0].get_queue_url(QueueName="first")["QueueUrl"]
    queues[0].send_message(QueueUrl=kept, MessageBody="still here")

    up = running.run("up", "--assembly", tiny.write(tmp_path, "first", "second"))

    assert up.returncode == 0, up.stderr
    assert running.record
    assert running.record.pid == before.pid
    assert all(each.get_queue_url(QueueName="second") for each in queues)
    assert queues[0].receive_message(QueueUrl=kept)["Messages"][0]["Body"] == "still here"


def test_what_does_not_run_says_so(tmp_path: Path) -> None:
    command = LocalCommand(tmp_path / "absent", os.environ)

    assert command.run("status").returncode == NOT_RUNNING
    assert json.loads(command.run("status", "--json").stdout) == {"running": False}
    assert command.run("env").returncode == 1
    assert command.run("down").returncode == 0
    assert not command.state.exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_up_leaves_nothing_behind(
    unfinished: tuple[LocalCommand, subprocess.Popen[bytes]], number: signal.Signals
) -> None:
    command, up = unfinished

    up.send_signal(number)

    assert up.wait() == INTERRUPTED
    assert not command.pids
    assert not command.state.exists()


def test_down_leaves_nothing_behind_of_a_cloud_that_was_killed(
    unfinished: tuple[LocalCommand, subprocess.Popen[bytes]],
) -> None:
    command, up = unfinished
    up.kill()
    _start_child_of_function(command)
    assert command.record
    os.kill(command.record.pid, signal.SIGKILL)
    wait_for(lambda: command.run("status").returncode == NOT_RUNNING, lambda: "the end of it")
    assert command.pids

    assert command.run("down").returncode == 0

    assert not command.pids
    assert not command.state.exists()


def _start_child_of_function(command: LocalCommand) -> None:
    cloud = Cloud.find(command.state)
    assert cloud
    name = Sandbox(cloud, ExitStack()).function(WITH_CHILD)
    cloud.client("lambda", REGIONS[0]).invoke(FunctionName=name)
