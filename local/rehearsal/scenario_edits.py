"""Commits that a developer of this product might push, good ones and bad ones."""

import re

from local.rehearsal.errors import RehearsalError
from local.rehearsal.working_copy import WorkingCopy

MAIN = "services/processor/runtime/main.py"
WIRING = "services/processor/runtime/wiring.py"
STAGE = "stages/pipeline_stage.py"
APPROVAL = "stages/pipeline/approval.py"
TIMEOUT = re.compile(r"(?<=connect_timeout_s=)\d+")


def change_handler(copy: WorkingCopy) -> None:
    """Change a harmless setting: the processor waits a second longer for a connection."""
    text = copy.read(MAIN)
    changed, count = TIMEOUT.subn(lambda found: str(int(found[0]) + 1), text)
    if not count:
        raise RehearsalError(f"{MAIN} has no connect_timeout_s to change")
    copy.write(MAIN, changed)
    copy.commit("Processor: wait longer for a connection")


def break_handler(copy: WorkingCopy) -> None:
    """Pass a wrong table name: types and tests are fine, and only a deployment shows it."""
    copy.replace(
        WIRING,
        "ledger=DynamoDbLedger(sending, settings.table_name)",
        "ledger=DynamoDbLedger(sending, settings.region)",
    )
    copy.commit("Processor: another ledger")


def violate_policy(copy: WorkingCopy) -> None:
    """Add a bucket that is readable over plain HTTP and not retained with its stack."""
    copy.replace(STAGE, "from aws_cdk import Stage\n", "from aws_cdk import Stage, aws_s3\n")
    copy.write(STAGE, copy.read(STAGE) + '        aws_s3.Bucket(self.stack, "Exports")\n')
    copy.commit("A bucket for exports")


def change_pipeline(copy: WorkingCopy) -> None:
    """Reword the question of the approval."""
    copy.replace(APPROVAL, "Promote this commit to", "Promote it to")
    copy.commit("Approval: a clearer question")
