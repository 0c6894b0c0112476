"""A producer: sends one file after the other, each until S3 has acknowledged it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from drill.traffic import Traffic, Upload
from local.drill.ground import Ground

PACE_S = 0.5
AGAIN_S = 0.1
LAST_TRY_S = 60.0
SERVERS_FAULT = 500


class Producer:
    """Sends the files of ``traffic`` to the access point, or to the buckets in ``to`` in turn.

    A file that is not acknowledged is sent again, before any other, as often as needed.
    """

    def __init__(self, ground: Ground, traffic: Traffic, to: list[str]) -> None:
        self.traffic = traffic
        self.to = to
        self.refusals = 0
        self._ground = ground
        self._stopped = threading.Event()
        self._sent = 0

    def send(self, rows: int | None = None, suffix: str = "") -> Upload:
        """Send the next file until it is acknowledged, or, after :meth:`stop`, for a while."""
        upload = self.traffic.make(self._ground.clock(), rows, suffix)
        end_s: float | None = None
        while upload.acknowledged_at is None:
            if version := self._put(upload):
                self.traffic.acknowledge(upload, version, self._ground.clock())
                break
            self.refusals += 1
            threading.Event().wait(AGAIN_S)
            if self._stopped.is_set():
                end_s = end_s or self._ground.clock() + LAST_TRY_S
                if self._ground.clock() > end_s:
                    break
        return upload

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Send steadily until the block ends and the last file is acknowledged."""
        self._stopped.clear()
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self.send()
            self._stopped.wait(PACE_S)

    def _put(self, upload: Upload) -> str:
        """Return the version that S3 gave the file, or nothing if it gave no answer."""
        self._sent += 1
        bucket = self._ground.access_point
        if self.to:
            bucket = self._ground.places[self.to[self._sent % len(self.to)]].bucket
        try:
            put = self._ground.sending.put_object(Bucket=bucket, Key=upload.key, Body=upload.body)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] < SERVERS_FAULT:
                raise
            return ""
        except BotoCoreError:
            return ""
        return str(put["VersionId"])
