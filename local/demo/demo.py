"""The demo: files to the primary region, then some to the standby; every row found in both."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import naming
from local.demo import correction_round
from local.demo.correction_round import Round
from local.demo.delivery_run import DeliveryRun
from local.demo.file_outcome import Outcome
from local.demo.input_files import File
from local.progress import Progress
from ops.change_events import listening
from ops.region import Region


class Results(NamedTuple):
    """The outcomes by the bucket that the files were sent to, and the correction round, if any."""

    parts: dict[str, list[Outcome]]
    correction: Round | None


def run(
    regions: Mapping[str, Region],
    files: Sequence[File],
    progress: Progress,
    corrections: Path | None = None,
) -> Results:
    """Send the files, then those of a correction round, which stay in the folder ``corrections``.

    When no file is meant for the standby, the smallest that has succeeded is sent there as well.
    """
    with ExitStack() as stack:
        listeners = {
            name: stack.enter_context(listening(region)) for name, region in regions.items()
        }
        to_primary = [file for file in files if file.region == naming.PRIMARY]
        with progress.step(f"sent and followed {len(to_primary)} file(s)"):
            first = _send(DeliveryRun(regions, listeners), to_primary)
        to_standby = [file for file in files if file.region == naming.STANDBY] or _smallest(first)
        with progress.step(f"sent {len(to_standby)} to {naming.STANDBY} and followed it"):
            second = _send(DeliveryRun(regions, listeners), to_standby)
        correction = None
        if corrections:
            with progress.step("sent bad rows, their correction, and one order four times"):
                correction = correction_round.run(regions, listeners, corrections)
    sent = {naming.PRIMARY: first, naming.STANDBY: second}
    parts = {f"to {regions[name].bucket} in {name}": outcomes for name, outcomes in sent.items()}
    return Results(parts, correction)


def _send(delivery_run: DeliveryRun, files: Sequence[File]) -> list[Outcome]:
    return delivery_run.send(files) if files else []


def _smallest(outcomes: Sequence[Outcome]) -> list[File]:
    """Return the smallest file that has succeeded, for the standby; none if all have failed."""
    succeeded = [each.delivery.file for each in outcomes if each.status == "COMPLETED"]
    smallest = sorted(succeeded, key=lambda file: file.path.stat().st_size)[:1]
    return [replace(file, region=naming.STANDBY) for file in smallest]
