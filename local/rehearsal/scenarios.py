"""Scenarios in the life of a pipeline. Each one leaves it ready for the next."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from local.rehearsal import deployed_product, scenario_edits
from local.rehearsal.pipeline_execution import Status
from local.rehearsal.rehearsal import Rehearsal
from local.rehearsal.scenario_promises import (
    expect,
    expect_as_before,
    expect_evidence,
    expect_kept,
    failed_action,
    push,
    ready,
)
from naming import PRIMARY, STANDBY

APPROVAL = "PromoteToStandby"
Scenario: TypeAlias = Callable[[Rehearsal], None]


def first_deployment(rehearsal: Rehearsal) -> None:
    """Deploy and verify both regions with the first push to an empty account."""
    [execution] = rehearsal.push()
    if failed_action(execution) == APPROVAL:
        expect_evidence(rehearsal, execution)
        expect(
            deployed_product.observe(rehearsal.cloud).code.keys() == {PRIMARY},
            f"{STANDBY} is untouched",
        )
        return
    expect(execution.status is Status.SUCCEEDED, "the first push succeeds")
    expect_evidence(rehearsal, execution)
    deployed_product.write(rehearsal.cloud)
    seen = deployed_product.observe(rehearsal.cloud)
    expect(seen.code.keys() == {PRIMARY, STANDBY}, "both regions are deployed")
    expect(seen.code[PRIMARY] == seen.code[STANDBY], "both regions run the same code")
    expect(seen.items[PRIMARY] == seen.items[STANDBY], "both regions have the same items")


def handler_change(rehearsal: Rehearsal) -> None:
    """Deploy a change to the handler to both regions, with an approval between them."""
    before = ready(rehearsal)
    scenario_edits.change_handler(rehearsal.working_copy)
    [execution] = push(rehearsal, approve=True)
    after = deployed_product.observe(rehearsal.cloud)
    expect(execution.status is Status.SUCCEEDED, "the execution succeeds")
    expect_evidence(rehearsal, execution)
    expect(
        before.code[PRIMARY] != after.code[PRIMARY] == after.code[STANDBY],
        "both regions are changed",
    )
    expect_kept(before, after)


def rejected_approval(rehearsal: Rehearsal) -> None:
    """Reject an approval: the standby stays as it was, and the pipeline keeps working."""
    before = ready(rehearsal)
    scenario_edits.change_handler(rehearsal.working_copy)
    executions = push(rehearsal, approve=False)
    after = deployed_product.observe(rehearsal.cloud)
    expect(failed_action(executions[0]) == APPROVAL, "the approval fails")
    expect(len(executions) == 1, "nothing is rolled back")
    expect(after.code[PRIMARY] != before.code[PRIMARY], f"{PRIMARY} has the change")
    expect(after.code[STANDBY] == before.code[STANDBY], f"{STANDBY} is untouched")
    expect_kept(before, after)
    rehearsal.working_copy.revert()
    [execution] = push(rehearsal, approve=True)
    expect(execution.status is Status.SUCCEEDED, "the next push succeeds")
    expect_as_before(before, rehearsal)


def forgotten_approval(rehearsal: Rehearsal) -> None:
    """Supersede a commit that still waits for approval by a newer one, which is promoted."""
    before = ready(rehearsal)
    scenario_edits.change_handler(rehearsal.working_copy)
    [waiting] = push(rehearsal, approve=None)
    expect(waiting.status is Status.IN_PROGRESS, "the older commit waits for its approval")
    scenario_edits.change_handler(rehearsal.working_copy)
    [newer] = push(rehearsal, approve=True)
    after = deployed_product.observe(rehearsal.cloud)
    expect(waiting.status is Status.STOPPED, "the older commit is stopped")
    expect(newer.status is Status.SUCCEEDED, "the newer commit is promoted")
    expect(
        before.code[STANDBY] != after.code[STANDBY] == after.code[PRIMARY],
        "both regions run the newer commit",
    )
    expect_kept(before, after)


def broken_handler(rehearsal: Rehearsal) -> None:
    """Roll back a fault that shows only when deployed, before any approval."""
    before = ready(rehearsal)
    scenario_edits.break_handler(rehearsal.working_copy)
    failed, *rollbacks = push(rehearsal, approve=True)
    expect(failed_action(failed) == f"Verify-{PRIMARY}", f"the verification of {PRIMARY} fails")
    expect(failed.action(APPROVAL) is None, "no approval is asked for")
    expect([each.status for each in rollbacks] == [Status.SUCCEEDED], "the rollback succeeds")
    expect_as_before(before, rehearsal)
    rehearsal.working_copy.revert()


def newer_commit_fails(rehearsal: Rehearsal) -> None:
    """Keep the approval of an older commit when a newer one fails: it is given, and promotes it."""
    before = ready(rehearsal)
    scenario_edits.change_handler(rehearsal.working_copy)
    [older] = push(rehearsal, approve=None)
    waiting = deployed_product.observe(rehearsal.cloud)
    scenario_edits.break_handler(rehearsal.working_copy)
    failed, *rollbacks = push(rehearsal, approve=None)
    expect(failed_action(failed) == f"Verify-{PRIMARY}", f"the verification of {PRIMARY} fails")
    expect(
        [(each.rollback_target, each.status) for each in rollbacks]
        == [(older.id, Status.SUCCEEDED)],
        f"{PRIMARY} is rolled back to the older commit",
    )
    expect(older.status is Status.IN_PROGRESS, "the older commit still waits for its approval")
    seen = deployed_product.observe(rehearsal.cloud)
    expect(seen.code == waiting.code, f"{PRIMARY} runs the older commit, {STANDBY} what it ran")
    expect(rehearsal.answer(approve=True).status is Status.SUCCEEDED, "the approval promotes it")
    expect_evidence(rehearsal, older)
    after = deployed_product.observe(rehearsal.cloud)
    expect(
        before.code[STANDBY] != after.code[STANDBY] == after.code[PRIMARY] == seen.code[PRIMARY],
        "both regions run the older commit",
    )
    expect_kept(before, after)
    rehearsal.working_copy.revert()


def policy_violation(rehearsal: Rehearsal) -> None:
    """Stop a policy violation before anything is deployed."""
    before = ready(rehearsal)
    scenario_edits.violate_policy(rehearsal.working_copy)
    [execution] = push(rehearsal, approve=True)
    expect(failed_action(execution) == "Synth", "the build fails")
    log = Path(execution.actions[-1].log).read_text()
    expect("[build] make infra" in log, "format, types and unit tests pass")
    expect_as_before(before, rehearsal)
    rehearsal.working_copy.revert()


def git_revert(rehearsal: Rehearsal) -> None:
    """Restore both regions with ``git revert``."""
    before = ready(rehearsal)
    scenario_edits.change_handler(rehearsal.working_copy)
    push(rehearsal, approve=True)
    changed = deployed_product.observe(rehearsal.cloud)
    expect(changed.code != before.code, "the change is deployed")
    rehearsal.working_copy.revert()
    [execution] = push(rehearsal, approve=True)
    expect(execution.status is Status.SUCCEEDED, "the revert is deployed")
    expect_as_before(before, rehearsal)


def pipeline_change(rehearsal: Rehearsal) -> None:
    """Update a changed pipeline first, then go through the updated one."""
    before, old = ready(rehearsal), rehearsal.pipeline()
    scenario_edits.change_pipeline(rehearsal.working_copy)
    executions = push(rehearsal, approve=True)
    statuses = [each.status for each in executions]
    expect(statuses == [Status.SUPERSEDED, Status.SUCCEEDED], "the execution starts again")
    expect(rehearsal.pipeline().version != old.version, "the pipeline is updated")
    expect_as_before(before, rehearsal)


# In the order in which they run; every other one needs the first.
SCENARIOS: Mapping[str, Scenario] = {
    scenario.__name__.replace("_", "-"): scenario
    for scenario in (
        first_deployment,
        handler_change,
        rejected_approval,
        forgotten_approval,
        broken_handler,
        newer_commit_fails,
        policy_violation,
        git_revert,
        pipeline_change,
    )
}
FIRST = "first-deployment"
