"""Everything the functions' code needs permissions for, triggered as S3 and the stream do.

A call that a function was denied is raised as ``DeniedError``.
"""

import uuid
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import naming
from local.cloud import Cloud
from local.paths import REPOSITORY
from ops.change_events import RECORD_CHANGED, listening
from tests.e2e.functions import Function
from tests.e2e.roles import DeniedError
from tests.e2e.site import Upload, site
from tests.e2e.waiting import wait_for

ONE_ORDER = REPOSITORY / "samples" / "orders" / "2026" / "11" / "one-order.json"
TIMESTAMP = "2026-11-02T03:04:05.678Z"

Operation: TypeAlias = Callable[[], None]


class Operations:
    """Each method prepares an operation of a region's functions, which may be repeated."""

    def __init__(self, cloud: Cloud, region: str) -> None:
        self._site = site(cloud, region)
        self.functions = {
            "processor": Function(self._site, self._site.processor),
            "worker": Function(self._site, cloud.outputs(region)["LargeFileWorkerName"]),
            "canary": Function(self._site, naming.CANARY),
            "consumer": Function(self._site, cloud.outputs(region)["StreamConsumerName"]),
        }

    def process_new_file(self) -> Operation:
        upload = self._put()
        return lambda: self._process(upload, {"versionId": upload.version})

    def process_newest_version(self) -> Operation:
        upload = self._put()
        return lambda: self._process(upload, {})

    def reprocess(self) -> Operation:
        process = self.process_new_file()
        process()
        return process

    def store_in_ranges(self) -> Operation:
        upload = self._put()
        return lambda: self._store_in_ranges(upload)

    def watch(self) -> Operation:
        return self._watch

    def announce(self) -> Operation:
        return self._announce

    def _put(self) -> Upload:
        with self._site.silent():
            return self._site.put(f"orders/{uuid.uuid4()}.json", ONE_ORDER.read_bytes())

    def _process(self, upload: Upload, version: Mapping[str, str]) -> None:
        """Process the file; it becomes COMPLETED unless a call is denied."""
        place = {"bucket": {"name": upload.bucket}, "object": {"key": upload.key, **version}}
        was_complete = self._is_complete(upload)
        try:
            event = {"Records": [{"eventTime": TIMESTAMP, "s3": place}]}
            self.functions["processor"].invoke(event)
        except DeniedError:
            assert self._is_complete(upload) == was_complete
            raise
        assert self._is_complete(upload)

    def _store_in_ranges(self, upload: Upload) -> None:
        """Take the state machine's steps; the file becomes COMPLETED unless a call is denied."""
        step = self.functions["worker"].invoke
        source = {"bucket": upload.bucket, "key": upload.key, "version": upload.version}
        file = {"source": source, "timestamp": TIMESTAMP, "sequencer": ""}
        planned = step({"step": "plan", "file": file, "passes": 0})
        of_round = {"file": planned["file"], "round": planned["round"]}
        for part in planned["parts"]:
            step({"step": "store", **of_round, "part": part})
        ended = step({"step": "finish", **of_round, "passes": 0})
        if ended["outcome"] != "COMPLETED":
            [entry] = self._site.query(upload.id)
            raise DeniedError(str(entry["failure"]))
        assert self._is_complete(upload)

    def _is_complete(self, upload: Upload) -> bool:
        return self._site.status(upload) == "COMPLETED"

    def _watch(self) -> None:
        """Let the canary look at both regions and put its file, all of which it logs."""
        said = self.functions["canary"].said_when_invoked()
        assert '"canary looked"' in said
        if "AccessDenied" in said:
            raise DeniedError(said)

    def _announce(self) -> None:
        """Announce a change; its event arrives unless a call is denied."""
        record_id = str(uuid.uuid4())
        with listening(self._site) as listener:
            answer = self.functions["consumer"].invoke({"Records": [self.change(record_id)]})
            assert answer == {"batchItemFailures": []}
            wait_for(lambda: listener.count(RECORD_CHANGED, record_id), f"the event of {record_id}")

    def change(self, record_id: str) -> dict[str, Any]:
        """Return a change of a record as the stream has it, of the region's own."""
        texts = {
            "recordId": record_id,
            "timestamp": TIMESTAMP,
            "itemType": "RECORD",
            "status": "ACCEPTED",
            "dataset": "generic",
            "originRegion": self._site.name,
        }
        return {
            "eventName": "INSERT",
            "eventSourceARN": self.functions["consumer"].stream["EventSourceArn"],
            "dynamodb": {
                "NewImage": {name: {"S": text} for name, text in texts.items()},
                "SequenceNumber": "1",
                "ApproximateCreationDateTime": 1793588645,
            },
        }
