"""What S3 and a deployment decide, and a test must: when, in which order and by what code."""

import io
import re
import ssl
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from local.cloud import Cloud
from ops import dead_letters
from ops.dead_letters import Event
from ops.object_versions import versions_of
from ops.reprocessing import event_of
from tests.e2e.site import Site, Upload
from tests.e2e.waiting import OFTEN, wait_for

CONTRACT = "services/processor/runtime/contracts/orders.py"
COMPILED = "services/processor/runtime/contracts/__pycache__/orders."
_VERSION = re.compile(rb"(\n    version=)(\d+),")


def handle(site: Site, upload: Upload, sequencer: str = "") -> None:
    """Let the processor handle an event of the file, and wait until it has."""
    error = dead_letters.reprocess(site, upload.event(sequencer))
    assert error == "", f"{upload.key}: {error}"


def event_from_listing(site: Site, upload: Upload) -> Event:
    """Return the event that the operator's tools make for a file of which no event is left."""
    listed = versions_of(site, upload.key)
    [version] = [each for each in listed if each.version == upload.version]
    return event_of(site, version)


def put_and_await(site: Site, key: str, content: bytes) -> Upload:
    """Put a file and wait until it is completed."""
    upload = site.put(key, content)
    site.await_status(upload, "COMPLETED")
    return upload


def put_within_a_second(site: Site, key: str, *contents: bytes) -> list[Upload]:
    """Put versions of a key that S3 says were put at the same time, to the second."""

    def put_all() -> list[Upload]:
        uploads = [site.put(key, content) for content in contents]
        return uploads if len({upload.stored_at for upload in uploads}) == 1 else []

    return wait_for(put_all, f"{len(contents)} versions of {key} within a second")


def await_later_second(upload: Upload) -> None:
    """Wait until what is put now is newer than the file, to the second."""
    wait_for(lambda: int(time.time()) > upload.stored_at.timestamp(), "a second")


@contextmanager
def newer_contract(cloud: Cloud, site: Site) -> Iterator[int]:
    """Deploy the processor with the next version of the contract of orders; yield that version."""
    functions = site.client("lambda")
    code = functions.get_function(FunctionName=site.processor)["Code"]["Location"]
    # The emulator names its own address without TLS, which it does not answer.
    address = urlsplit(code)._replace(scheme="https").geturl()
    with urlopen(address, context=ssl.create_default_context(cafile=cloud.ca_bundle)) as answer:
        deployed = answer.read()
    version, changed = _with_next_version(deployed)
    try:
        _deploy(functions, site, changed)
        yield version
    finally:
        _deploy(functions, site, deployed)


def _with_next_version(package: bytes) -> tuple[int, bytes]:
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(changed, "w") as new:
        [(before, number)] = _VERSION.findall(old.read(CONTRACT))
        version = int(number) + 1
        for file in old.infolist():
            content = old.read(file)
            if file.filename == CONTRACT:
                content = _VERSION.sub(before + str(version).encode() + b",", content)
            if not file.filename.startswith(COMPILED):  # it is not compared with its source
                new.writestr(file, content)
    return version, changed.getvalue()


def _deploy(functions: Any, site: Site, package: bytes) -> None:  # noqa: ANN401  # a boto3 client
    functions.update_function_code(FunctionName=site.processor, ZipFile=package)
    functions.get_waiter("function_updated_v2").wait(
        FunctionName=site.processor, WaiterConfig=OFTEN
    )
