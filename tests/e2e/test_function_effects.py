"""A function speaks to the hosts that are listed for it, starts no process and writes no file."""

import io
import re
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from local.cloud import Cloud
from naming import REGIONS
from tests.e2e import function_effects
from tests.e2e.operations import Operations

# As somebody could add it to a function: nothing of it has to succeed.
PLANTED = """
import os, socket, subprocess
def handler(event, context):
    for each in (
        lambda: socket.getaddrinfo("localhost", 1),
        lambda: socket.create_connection(("127.0.0.1", 1), 0.1),
        lambda: subprocess.run(["/bin/true"]),
        lambda: open(os.devnull, "w"),
        lambda: open("/proc/self/environ").close(),
    ):
        try:
            each()
        except OSError:
            pass
"""


@pytest.fixture(params=REGIONS)
def region(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def operations(cloud: Cloud, region: str) -> Iterator[Operations]:
    """The functions of a region, which call AWS by its own names meanwhile."""
    operations, port = Operations(cloud, region), urlsplit(cloud.endpoint).port or 0
    with ExitStack() as stack:
        for function in operations.functions.values():
            stack.enter_context(function.having(AWS_IS_AT=str(port)))
        yield operations


def test_a_function_speaks_to_the_hosts_that_are_listed_and_does_nothing_else(
    cloud: Cloud, region: str, operations: Operations
) -> None:
    operations.process_new_file()()
    operations.store_in_ranges()()
    operations.watch()()
    operations.announce()()

    listed = function_effects.declared(cloud)
    for function in operations.functions.values():
        done = function_effects.of(cloud, function.name, region)
        assert done == listed[function.name, region], function.name


def test_what_a_function_does_beside_that_is_seen(cloud: Cloud, region: str) -> None:
    functions = Operations(cloud, region).functions
    name = f"planted-{uuid.uuid4()}"

    functions["canary"].copied(name, _zipped(PLANTED))

    done = function_effects.of(cloud, name, region)
    assert {"resolve localhost", "connect 127.0.0.1:1", "write /dev/null"} <= done
    assert any(re.fullmatch(r"read /proc/\d+/environ", each) for each in done)
    assert "process /bin/true" in done


def _zipped(source: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("index.py", source)
    return file.getvalue()
