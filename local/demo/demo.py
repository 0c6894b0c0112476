"""Both parts: files to the active region, then one to the standby; every row shown in both."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from local.clients import Clients
from local.demo.files import PRIMARY, STANDBY, File
from local.demo.listener import Listener, listening
from local.demo.outcome import Outcome, outcomes
from local.demo.regions import Region
from local.demo.round import Round
from local.progress import Progress


def run(clients: Clients, files: Sequence[File], progress: Progress) -> dict[str, list[Outcome]]:
    """What has become of the files, by the bucket they went to."""
    regions = {name: Region(clients, name) for name in (PRIMARY, STANDBY)}
    with _listeners(regions) as listeners:
        active = [file for file in files if file.region == PRIMARY]
        with progress.step(f"sent and followed {len(active)} file(s)"):
            first = _sent(Round(regions, listeners), active)
        standby = [file for file in files if file.region == STANDBY] or _smallest(first)
        with progress.step(f"sent {len(standby)} to {STANDBY} and followed it"):
            second = _sent(Round(regions, listeners), standby)
    return {
        f"to {regions[name].bucket} in {name}": found
        for name, found in ((PRIMARY, first), (STANDBY, second))
    }


def _sent(round_: Round, files: Sequence[File]) -> list[Outcome]:
    if not files:
        return []
    round_.send(files)
    return outcomes(round_)


def _smallest(first: Sequence[Outcome]) -> list[File]:
    """One that has gone well, to be sent to the standby as well."""
    well = [outcome.delivery.file for outcome in first if outcome.status == "COMPLETED"]
    smallest = sorted(well, key=lambda file: file.path.stat().st_size)[:1]
    return [replace(file, region=STANDBY) for file in smallest]


@contextmanager
def _listeners(regions: Mapping[str, Region]) -> Iterator[dict[str, Listener]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(listening(region)) for name, region in regions.items()}
