"""What a team lives through with its pipeline. Each scenario leaves it ready for the next one."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from local.rehearsal import changes, product
from local.rehearsal.execution import Execution, Status
from local.rehearsal.product import Observed
from local.rehearsal.rehearsal import Rehearsal

EAST, WEST = "us-east-1", "us-west-2"
APPROVAL = "PromoteToStandby"
Scenario: TypeAlias = Callable[[Rehearsal], None]


class BrokenPromiseError(Exception):
    """The rehearsed pipeline did something else than it must; the message is what it must."""


def expect(holds: object, promise: str) -> None:
    if not holds:
        raise BrokenPromiseError(promise)


def first_deployment(rehearsal: Rehearsal) -> None:
    """An empty account: the first push deploys and proves both regions."""
    [execution] = rehearsal.push()
    if _failed(execution) == APPROVAL:
        _expect_evidence(rehearsal, execution)
        expect(product.observe(rehearsal.cloud).code.keys() == {EAST}, "us-west-2 is untouched")
        return
    expect(execution.status is Status.SUCCEEDED, "the first push succeeds")
    _expect_evidence(rehearsal, execution)
    product.write(rehearsal.cloud)
    seen = product.observe(rehearsal.cloud)
    expect(seen.code.keys() == {EAST, WEST}, "both regions are deployed")
    expect(seen.code[EAST] == seen.code[WEST], "both regions run the same code")
    expect(seen.items[EAST] == seen.items[WEST], "both regions have the same items")


def handler_change(rehearsal: Rehearsal) -> None:
    """A change of the handler reaches both regions, after an approval."""
    before = _before(rehearsal)
    changes.of_the_handler(rehearsal.clone)
    [execution] = _push(rehearsal, approve=True)
    after = product.observe(rehearsal.cloud)
    expect(execution.status is Status.SUCCEEDED, "the execution succeeds")
    _expect_evidence(rehearsal, execution)
    expect(before.code[EAST] != after.code[EAST] == after.code[WEST], "both regions are changed")
    _expect_kept(before, after)


def rejected_approval(rehearsal: Rehearsal) -> None:
    """A rejection leaves us-west-2 as it was, and the pipeline works afterwards."""
    before = _before(rehearsal)
    changes.of_the_handler(rehearsal.clone)
    executions = _push(rehearsal, approve=False)
    after = product.observe(rehearsal.cloud)
    expect(_failed(executions[0]) == APPROVAL, "it is the approval that fails")
    expect(len(executions) == 1, "nothing is rolled back")
    expect(after.code[EAST] != before.code[EAST], "us-east-1 has the change")
    expect(after.code[WEST] == before.code[WEST], "us-west-2 is untouched")
    _expect_kept(before, after)
    rehearsal.clone.revert()
    [execution] = _push(rehearsal, approve=True)
    expect(execution.status is Status.SUCCEEDED, "the next push succeeds")
    _expect_as_before(before, rehearsal)


def forgotten_approval(rehearsal: Rehearsal) -> None:
    """A commit that nobody has approved makes room for a newer one, which is promoted instead."""
    before = _before(rehearsal)
    changes.of_the_handler(rehearsal.clone)
    [waiting] = _push(rehearsal, approve=None)
    expect(waiting.status is Status.IN_PROGRESS, "the older commit waits for its approval")
    changes.of_the_handler(rehearsal.clone)
    [newer] = _push(rehearsal, approve=True)
    after = product.observe(rehearsal.cloud)
    expect(waiting.status is Status.STOPPED, "the older commit is stopped")
    expect(newer.status is Status.SUCCEEDED, "the newer commit is promoted")
    expect(before.code[WEST] != after.code[WEST] == after.code[EAST], "both regions run it")
    _expect_kept(before, after)


def broken_handler(rehearsal: Rehearsal) -> None:
    """What only fails when deployed is rolled back, and no approval is asked for."""
    before = _before(rehearsal)
    changes.that_breaks_the_handler(rehearsal.clone)
    failed, *rollbacks = _push(rehearsal, approve=True)
    expect(_failed(failed) == f"Verify-{EAST}", "it is the proof of us-east-1 that fails")
    expect(failed.action(APPROVAL) is None, "no approval is asked for")
    expect([each.status for each in rollbacks] == [Status.SUCCEEDED], "the rollback succeeds")
    _expect_as_before(before, rehearsal)
    rehearsal.clone.revert()


def policy_violation(rehearsal: Rehearsal) -> None:
    """What the policies refuse stops before anything is deployed."""
    before = _before(rehearsal)
    changes.that_violates_a_policy(rehearsal.clone)
    [execution] = _push(rehearsal, approve=True)
    expect(_failed(execution) == "Synth", "it is the build that fails")
    log = Path(execution.actions[-1].log).read_text()
    expect("[build] make infra" in log, "it is not a matter of format, types or unit tests")
    _expect_as_before(before, rehearsal)
    rehearsal.clone.revert()


def git_revert(rehearsal: Rehearsal) -> None:
    """``git revert`` brings both regions back to what they were."""
    before = _before(rehearsal)
    changes.of_the_handler(rehearsal.clone)
    _push(rehearsal, approve=True)
    changed = product.observe(rehearsal.cloud)
    expect(changed.code != before.code, "the change is deployed")
    rehearsal.clone.revert()
    [execution] = _push(rehearsal, approve=True)
    expect(execution.status is Status.SUCCEEDED, "the revert is deployed")
    _expect_as_before(before, rehearsal)


def pipeline_change(rehearsal: Rehearsal) -> None:
    """A change of the pipeline changes it first, and then goes through the changed one."""
    before, old = _before(rehearsal), rehearsal.pipeline()
    changes.of_the_pipeline(rehearsal.clone)
    executions = _push(rehearsal, approve=True)
    statuses = [each.status for each in executions]
    expect(statuses == [Status.SUPERSEDED, Status.SUCCEEDED], "the execution starts again")
    expect(rehearsal.pipeline().version != old.version, "the pipeline is another one")
    _expect_as_before(before, rehearsal)


# In this order they tell a story; the first comes before any other.
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
    expect(execution.revision in page, "the approver is led to the report of this commit")
    expect("no alarm has fired" in page, "the report has the proof of us-east-1")


def _before(rehearsal: Rehearsal) -> Observed:
    product.write(rehearsal.cloud)
    return product.observe(rehearsal.cloud)


def _push(rehearsal: Rehearsal, *, approve: bool | None) -> list[Execution]:
    rehearsal.decide = lambda _: approve
    return rehearsal.push()


def _failed(execution: Execution) -> str:
    """The name of the action that an execution ended with, when it failed."""
    last = execution.actions[-1]
    return last.name if last.status is execution.status is Status.FAILED else ""


def _expect_kept(before: Observed, after: Observed) -> None:
    for region, items in before.items.items():
        expect(items and items <= after.items[region], f"every item in {region} is still there")


def _expect_as_before(before: Observed, rehearsal: Rehearsal) -> None:
    after = product.observe(rehearsal.cloud)
    expect(after.code == before.code, "both regions run the code they ran before")
    _expect_kept(before, after)
