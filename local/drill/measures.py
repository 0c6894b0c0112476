"""What is measured while a scenario runs: how soon it goes on, and what is not there yet."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from drill import reading
from drill.judgement import Rpo
from drill.traffic import Upload
from local.drill.stage import POLL_S, Stage, keys
from ops.waiting import find_within

LIMIT_S = 90.0
UPLOADS_WATCHED = 5


@contextmanager
def watching(stage: Stage, fault_s: float, region: str) -> Iterator[None]:
    """Measure the RTO meanwhile: from the fault to the first record readable of a later upload.

    At the end of the block it is waited for, as long as is bearable.
    """
    with ThreadPoolExecutor(max_workers=1) as threads:
        found = threads.submit(await_first_record, stage, fault_s, region)
        yield
        found.result()


def await_first_record(stage: Stage, fault_s: float, region: str) -> None:
    """Wait for the first record readable of an upload made after the fault: the RTO."""
    place = stage.ground.places[region]

    def is_readable(upload: Upload) -> bool:
        row = upload.records[0]
        key = (row.record_id, row.moment)
        item = reading.read(stage.ground.connect, place, [key]).get(key, {})
        return bool(item.get("data") == row.data)

    def readable() -> bool:
        later = [
            each
            for each in list(stage.uploads)
            if each.records and (each.acknowledged_at or 0) > fault_s
        ]
        return any(map(is_readable, later[:UPLOADS_WATCHED]))

    if find_within(readable, limit_s=LIMIT_S, poll_s=POLL_S):
        now_s = stage.note(f"first new record readable in {region}", kind="served")
        stage.rto_s = round(now_s - fault_s, 2)
    else:
        stage.complain(f"no new record was readable in {region} within {LIMIT_S:.0f} s")


def measure_rpo(stage: Stage, fault_s: float, survivor: str, held_s: float) -> None:
    """Measure the RPO: the uploads acknowledged before the fault that the survivor can't show."""
    place = stage.ground.places[survivor]
    before = [each for each in stage.uploads if 0 < (each.acknowledged_at or 0) < fault_s]
    wanted = {key for each in before for key in keys(each)}
    there = set(reading.read(stage.ground.connect, place, wanted))
    behind = [each for each in before if not keys(each) <= there]
    rows = sum(len(keys(each) - there) for each in behind)
    oldest_s = min((each.acknowledged_at or fault_s for each in behind), default=fault_s)
    stage.rpo = Rpo(
        measured=True,
        uploads=len(behind),
        rows=rows,
        seconds=round(fault_s - oldest_s, 2),
        held_s=round(held_s, 2),
    )
    stage.note(f"{len(behind)} acknowledged uploads ({rows} rows) not readable in {survivor}")
