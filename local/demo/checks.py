"""In what an outcome differs from what must be."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from local.demo.outcome import NO_ACCOUNT, Outcome

Name = TypeVar("Name", int, str)
SHOWN = 3
Check = tuple[str, object, object]  # what, expected, got


def differences(outcome: Outcome) -> list[str]:
    """Each count that is not as it must be; empty when all is well."""
    checks = (*_accounting(outcome), *_regions(outcome), *_known_beforehand(outcome))
    return [
        f"{what}: expected {expected}, got {got}"
        for what, expected, got in checks
        if expected != got
    ]


def _accounting(outcome: Outcome) -> Iterator[Check]:
    """What must hold for any file, whatever is in it."""
    final = ("COMPLETED", "FAILED") if outcome.delivery.file.is_processed else (NO_ACCOUNT,)
    if outcome.status not in final:
        yield "status", " or ".join(final), outcome.status
    counted = outcome.rows("rowsAccepted") + outcome.rows("rowsRejected")
    yield "rows accepted and rejected", outcome.rows(), counted
    yield "rows written, by the file's account", outcome.rows(), outcome.rows("itemsWritten")
    yield "dead letters", 1 if outcome.status == "FAILED" else 0, outcome.dead_letters


def _regions(outcome: Outcome) -> Iterator[Check]:
    """All regions hold the same; the one that was written to announces it, and only that one."""
    for region, census in outcome.census.items():
        yield f"items in {region}", outcome.rows(), census.items
        for status in ("ACCEPTED", "REJECTED"):
            rows = outcome.rows(f"rows{status.title()}")
            yield f"{status} items in {region}", rows, census.statuses[status]
        yield f"the file's account in {region}", *_apart(outcome.account, census.account)
        readable = outcome.readable_after_s[region] is not None
        yield f"readable in {region}", bool(outcome.rows()), readable
    for region, events in outcome.announced.items():
        due = outcome.rows() if region == outcome.delivery.file.region else 0
        yield f"record events in {region}", due, events


def _known_beforehand(outcome: Outcome) -> Iterator[Check]:
    expected = outcome.delivery.file.expected
    if expected is None:
        return
    yield "status", expected.status, outcome.status
    yield "rows read", expected.rows_read, outcome.rows()
    yield "rows accepted", expected.rows_accepted, outcome.rows("rowsAccepted")
    yield "rows rejected", expected.rows_rejected, outcome.rows("rowsRejected")
    failure = {name: outcome.failure[name] for name in ("code", "row") if name in outcome.failure}
    yield "failure", dict(expected.failure), failure
    for region, census in outcome.census.items():
        yield f"rejected rows in {region}", *_apart(expected.rejected, census.rejected)


def _apart(
    expected: Mapping[Name, object], got: Mapping[Name, object]
) -> tuple[dict[Name, object], dict[Name, object]]:
    """The first few entries in which two mappings differ; ``None`` stands for no entry."""
    names = [name for name in {**expected, **got} if expected.get(name) != got.get(name)][:SHOWN]
    return {name: expected.get(name) for name in names}, {name: got.get(name) for name in names}
