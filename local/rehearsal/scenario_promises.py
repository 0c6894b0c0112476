"""What scenarios do and expect in common."""

from local.rehearsal import deployed_product
from local.rehearsal.deployed_product import Observed
from local.rehearsal.pipeline_execution import Execution, Status
from local.rehearsal.rehearsal import Rehearsal
from naming import PRIMARY


class BrokenPromiseError(Exception):
    """The rehearsed pipeline broke a promise; the message is the promise."""


def expect(holds: object, promise: str) -> None:
    """Raise ``BrokenPromiseError`` with the ``promise`` unless it holds."""
    if not holds:
        raise BrokenPromiseError(promise)


def expect_evidence(rehearsal: Rehearsal, execution: Execution) -> None:
    """Expect that the last approver was given the execution's own report, with a green proof."""
    page = rehearsal.evidence
    expect(execution.revision in page, "the approver gets the report of this commit")
    expect("no alarm has fired" in page, f"the report has the verification of {PRIMARY}")
    expect("code cannot be read" not in page, "the review may read the code that runs")


def ready(rehearsal: Rehearsal) -> Observed:
    """Store a file's records in both regions, and return what runs and is stored there then."""
    deployed_product.write(rehearsal.cloud)
    return deployed_product.observe(rehearsal.cloud)


def push(rehearsal: Rehearsal, *, approve: bool | None) -> list[Execution]:
    """Push the newest commit and return its executions; no answer if ``approve`` is ``None``."""
    rehearsal.decide = lambda _: approve
    return rehearsal.push()


def failed_action(execution: Execution) -> str:
    """Return the name of the action that an execution failed with; empty if it didn't fail."""
    last = execution.actions[-1]
    return last.name if last.status is execution.status is Status.FAILED else ""


def expect_kept(before: Observed, after: Observed) -> None:
    """Expect that every item that was stored before still is, unchanged."""
    for region, items in before.items.items():
        expect(items and items <= after.items[region], f"every item in {region} is still there")


def expect_as_before(before: Observed, rehearsal: Rehearsal) -> None:
    """Expect that both regions run what they ran before, and have lost no item."""
    after = deployed_product.observe(rehearsal.cloud)
    expect(after.code == before.code, "both regions run the code they ran before")
    expect_kept(before, after)
