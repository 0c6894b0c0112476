"""Scenarios in the life of a pipeline. Each one leaves it ready for the next."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from local.rehearsal import deployed_product, scenario_edits
from local.rehearsal.deployed_product import Observed
from local.rehearsal.pipeline_execution import Execution, Status
from local.rehearsal.rehearsal import Rehearsal
from naming import PRIMARY, STANDBY

APPROVAL = "PromoteToStandby"
Scenario: TypeAlias = Callable[[Rehearsal], None]


class BrokenPromiseError(Exception):
    """The rehearsed pipeline broke a promise; the message is the promise."""


def expect(holds: object, promise: str) -> None:
    if not holds:
        raise BrokenPromiseError(promise)


def first_deployment(rehearsal: Rehearsal) -> None:
    """Deploy and verify both regions with the first push to an empty account."""
    [execution] = rehearsal.push()
    if _failed(execution) == APPROVAL:
        _expect_evidence(rehearsal, execution)
        expect(
            deployed_product.observe(rehearsal.cloud).code.keys() == {PRIMARY},
            f"{STANDBY} is untouched",
        )
        return
    expect(execution.status is Status.SUCCEEDED, "the first push succeeds")
    _expect_evidence(rehearsal, execution)
    deployed_product.write(rehearsal.cloud)
    seen = deployed_product.observe(rehearsal.cloud)
    expect(seen.code.keys() == {PRIMARY, STANDBY}, "both regions are deployed")
    expect(seen.code[PRIMARY] == seen.code[STANDBY], "both regions run the same code")
    expect(seen.items[PRIMARY] == seen.items[STANDBY], "both regions have the same items")


def handler_change(rehearsal: Rehearsal) -> None:
    """Deploy a change to the handler to both regions, with an approval between them."""
    before = _before(rehearsal)
    scenario_edits.change_handler(rehearsal.working_copy)
    [execution] = _push(rehearsal, approve=True)
    after = deployed_product.observe(rehearsal.cloud)
    expect(execution.status is Status.SUCCEEDED, "the execution succeeds")
    _expect_evidence(rehearsal, execution)
    expect(
        before.code[PRIMARY] != after.code[PRIMARY] == after.code[STANDBY],
        "both regions are changed",
    )
    _expect_kept(before, after)


def rejected_approval(rehearsal: Rehearsal) -> None:
    """Reject an approval: the standby stays as it was, and the pipeline keeps working."""
    before = _before(rehearsal)
    scenario_edits.change_handler(rehearsal.working_copy)
    executions = _push(rehearsal, approve=False)
    after = deployed_product.observe(rehearsal.cloud)
    expect(_failed(executions[0]) == APPROVAL, "the approval fails")
    expect(len(executions) == 1, "nothing is rolled back")
    expect(after.code[PRIMARY] != before.code[PRIMARY], f"{PRIMARY} has the change")
    expect(after.code[STANDBY] == before.code[STANDBY], f"{STANDBY} is untouched")
    _expect_kept(before, after)
    rehearsal.working_copy.revert()
    [execution] = _push(rehearsal, approve=True)
    expect(execution.status is Status.SUCCEEDED, "the next push succeeds")
    _expect_as_before(before, rehearsal)


def forgotten_approval(rehearsal: Rehearsal) -> None:
    """Supersede a commit that still waits for approval by a newer one, which is promoted."""
    before = _before(rehearsal)
    scenario_edits.change_handler(rehearsal.working_copy)
    [waiting] = _push(rehearsal, approve=None)
    expect(waiting.status is Status.IN_PROGRESS, "the older commit waits for its approval")
    scenario_edits.change_handler(rehearsal.working_copy)
    [newer] = _push(rehearsal, approve=True)
    after = deployed_product.observe(rehearsal.cloud)
    expect(waiting.status is Status.STOPPED, "the older commit is stopped")
    expect(newer.status is Status.SUCCEEDED, "the newer commit is promoted")
    expect(
        before.code[STANDBY] != after.code[STANDBY] == after.code[PRIMARY],
        "both regions run the newer commit",
    )
    _expect_kept(before, after)


def broken_handler(rehearsal: Rehearsal) -> None:
    """Roll back a fault that shows only when deployed, before any approval."""
    before = _before(rehearsal)
    scenario_edits.break_handler(rehearsal.working_copy)
    failed, *rollbacks = _push(rehearsal, approve=True)
    expect(_failed(failed) == f"Verify-{PRIMARY}", f"the verification of {PRIMARY} fails")
    expect(failed.action(APPROVAL) is None, "no approval is asked for")
    expect([each.status for each in rollbacks] == [Status.SUCCEEDED], "the rollback succeeds")
    _expect_as_before(before, rehearsal)
    rehearsal.working_copy.revert()


def policy_violation(rehearsal: Rehearsal) -> None:
    """Stop a policy violation before anything is deployed."""
    before = _before(rehearsal)
    scenario_edits.violate_policy(rehearsal.working_copy)
    [execution] = _push(rehearsal, approve=True)
    expect(_failed(execution) == "Synth", "the build fails")
    log = Path(execution.actions[-1].log).read_text()
    expect("[build] make infra" in log, "format, types and unit tests pass")
    _expect_as_before(before, rehearsal)
    rehearsal.working_copy.revert()


def git_revert(rehearsal: Rehearsal) -> None:
    """Restore both regions with ``git revert``."""
    before = _before(rehearsal)
    scenario_edits.change_handler(rehearsal.working_copy)
    _push(rehearsal, approve=True)
    changed = deployed_product.observe(rehearsal.cloud)
    expect(changed.code != before.code, "the change is deployed")
    rehearsal.working_copy.revert()
    [execution] = _push(rehearsal, approve=True)
    expect(execution.status is Status.SUCCEEDED, "the revert is deployed")
    _expect_as_before(before, rehearsal)


def pipeline_change(rehearsal: Rehearsal) -> None:
    """Update a changed pipeline first, then go through the updated one."""
    before, old = _before(rehearsal), rehearsal.pipeline()
    scenario_edits.change_pipeline(rehearsal.working_copy)
    executions = _push(rehearsal, approve=True)
    statuses = [each.status for each in executions]
    expect(statuses == [Status.SUPERSEDED, Status.SUCCEEDED], "the execution starts again")
    expect(rehearsal.pipeline().version != old.version, "the pipeline is updated")
    _expect_as_before(before, rehearsal)


# In the order in which they run; every other one needs the first.
SCENARIOS: Mapping[str, Scenario] = {
    scenario.__name__.replace("_", "-"): scenario
    for scenario in (
        first_deployment,
        handler_change,
        rejected_approval,
        forgotten_approval,
        broken_handler,
        policy_violation,
        git_revert,
        pipeline_change,
    )
}
FIRST = "first-deployment"


def _expect_evidence(rehearsal: Rehearsal, execution: Execution) -> None:
    page = rehearsal.evidence
    expect(execution.revision in page, "the approver gets the report of this commit")
    expect("no alarm has fired" in page, f"the report has the verification of {PRIMARY}")


def _before(rehearsal: Rehearsal) -> Observed:
    deployed_product.write(rehearsal.cloud)
    return deployed_product.observe(rehearsal.cloud)


def _push(rehearsal: Rehearsal, *, approve: bool | None) -> list[Execution]:
    rehearsal.decide = lambda _: approve
    return rehearsal.push()


def _failed(execution: Execution) -> str:
    """Return the name of the action that an execution failed with; empty if it didn't fail."""
    last = execution.actions[-1]
    return last.name if last.status is execution.status is Status.FAILED else ""


def _expect_kept(before: Observed, after: Observed) -> None:
    for region, items in before.items.items():
        expect(items and items <= after.items[region], f"every item in {region} is still there")


def _expect_as_before(before: Observed, rehearsal: Rehearsal) -> None:
    after = deployed_product.observe(rehearsal.cloud)
    expect(after.code == before.code, "both regions run the code they ran before")
    _expect_kept(before, after)
