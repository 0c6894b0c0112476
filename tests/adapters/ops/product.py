"""The product against moto: a file that is put is processed at once, by the processor itself."""

from contextlib import suppress

import pytest

from ops import cli, files
from ops.files import FileVersion
from ops.object_store import SdkObjects
from ops.region import Region
from services.processor.runtime.errors import PermanentError
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.intake.event import ObjectRef
from services.processor.runtime.intake.source import S3Source
from services.processor.runtime.keys import StatusIndex
from services.processor.runtime.storage.ledger import DynamoDbLedger
from services.processor.runtime.storage.writer import DynamoDbWriter
from tests.adapters.moto_dynamodb import sending_to
from tests.unit.processor.fakes import PLENTY_OF_TIME, FakeTelemetry

HEADER = "id,timestamp,amount,currency,category,quantity,customer_id,customer_tier\n"


def order(name: str, quantity: object = 2, amount: str = "19.90") -> str:
    return f"{name},2026-11-01T10:00:00Z,{amount},EUR,books,{quantity},c-1,gold\n"


def put(
    region: Region, key: str, text: str, sequencer: str = "", indexed: StatusIndex = StatusIndex.ALL
) -> FileVersion:
    """Put a file and process it."""
    file = files.put(region, key, text.encode())
    process(region, file, sequencer, indexed)
    return file


def process(
    region: Region,
    file: FileVersion,
    sequencer: str = "",
    indexed: StatusIndex = StatusIndex.ALL,
) -> None:
    sending = sending_to(region.client("dynamodb"))
    ingest = Ingest(
        source=S3Source(SdkObjects(region.client("s3"))),
        ledger=DynamoDbLedger(sending, region.table),
        writer=DynamoDbWriter(sending, region.table),
        telemetry=FakeTelemetry(),
        origin_region=region.name,
        status_index=indexed,
    )
    ref = ObjectRef(
        bucket=file.bucket,
        key=file.key,
        version_id=file.version,
        etag="",
        event_time=file.stored_at,
        sequencer=sequencer,
    )
    with suppress(PermanentError):  # the ledger has it
        ingest(ref, PLENTY_OF_TIME)


class OneRegion:
    """Stands for the class ``Region``: however it is looked up, it is this one."""

    def __init__(self, region: Region) -> None:
        self._region = region

    def __call__(self, *_: object) -> Region:
        return self._region

    find = __call__


class Operator:
    """Runs commands against a region as a person does, and keeps what they print."""

    def __init__(
        self, region: Region, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.region = region
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, command: str, *arguments: object) -> int:
        """Return the exit code."""
        module = f"ops.commands.{command.replace('-', '_')}"
        self._monkeypatch.setattr(f"{module}.connect", lambda *_: None)
        self._monkeypatch.setattr(f"{module}.Region", OneRegion(self.region))
        code = cli.main([command, *map(str, arguments)])
        self.out, self.err = self._capsys.readouterr()
        return code
