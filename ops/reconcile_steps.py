"""The step that has everything processed that a bucket took in (``ops/steps.py``)."""

from collections.abc import Iterator

from ops.errors import FindingError
from ops.file_history import ledger_entry
from ops.findings import Code, Finding
from ops.ledger_check import FAILED
from ops.output import counted
from ops.progress import progress_bar
from ops.reconciliation import Reconciliation
from ops.region import Region
from ops.repair import Repair, Repaired
from ops.steps import Step, trial


def reconcile(name: str, bucket: Region, table: Region, since: str) -> Step:
    """Return the step that compares the files put since a moment with the ledger in ``table``.

    What is missing is processed again by the bucket's region, the files put this minute included:
    nothing is lost if S3's own event comes, too. A ``FAILED`` file is told and no failure of the
    step: it is one in both regions. Without ``since``, all files are compared.
    """
    when = f"since {since}" if since else "ever"

    def attempt() -> str:
        plan = Reconciliation(bucket, table, since=since, in_work_s=0)
        repair, failed, told = Repair(bucket, table), 0, 0
        outcomes: list[Repaired] = []
        for finding in _findings(plan):
            if _has_failed(table, finding):
                failed += 1
            elif finding.code in {Code.UNDECIDED, Code.NOT_READ}:
                told += 1
            else:
                repair.add(finding)
            if repair.is_full:
                outcomes += repair.run()
        outcomes += [*repair.run(), *repair.finish()]
        said = [
            f"{counted(plan.totals.files, 'file')} put {when} compared",
            f"{counted(len(outcomes), 'file')} processed again",
        ]
        said += [f"{counted(failed, 'file')} FAILED, see ops items FAILED"] if failed else []
        said += [f"{counted(told, 'file')} undecided, see ops reconcile"] if told else []
        if wrong := [each for each in outcomes if each.problem]:
            first = f"s3://{wrong[0].version.bucket}/{wrong[0].version.key}: {wrong[0].problem}"
            said.append(f"{counted(len(wrong), 'file')} still not right, the first {first}")
            raise FindingError("; ".join(said))
        return "; ".join(said)

    wanted = f"all that {bucket.name} took in {when} is in {table.name}"
    return trial(name, wanted, attempt, forcible=True)


def _findings(plan: Reconciliation) -> Iterator[Finding]:
    def total() -> int:
        return sum(map(plan.effort, plan.versions()))

    with progress_bar(f"reconciling {plan.bucket.bucket}", total, "files") as passed:
        yield from plan.findings(passed=passed)


def _has_failed(table: Region, finding: Finding) -> bool:
    if finding.code is not Code.NOT_COMPLETE:
        return False
    return ledger_entry(table, finding.version).get("status") == {"S": FAILED}
