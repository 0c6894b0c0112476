"""Commits that a developer of this product might push, good ones and bad ones."""

import re

import naming
from local.rehearsal.errors import RehearsalError
from local.rehearsal.working_copy import WorkingCopy

MAIN = "services/processor/runtime/main.py"
WIRING = "services/processor/runtime/wiring.py"
STAGE = "stages/pipeline_stage.py"
APPROVAL = "stages/pipeline/approval.py"
ACCEPTED = "policies/accepted/a_day_more_to_approve.toml"
LONGER = f"""reason = "Whoever approves is away for days, and four of them were over too soon."
owner = "platform team"
until = "deployed"

[[accepted]]
findings = [
  "time-limit[Properties.Stages.approval.Actions.PromoteToStandby.TimeoutInMinutes 5760 -> 7200]",
]
paths = ["{naming.PIPELINE}/Pipeline/Pipeline/Resource"]
"""
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
    """Give people a day more for the approval, with the row that accepts it."""
    copy.replace(APPROVAL, "TIMEOUT_MINUTES = 4 * 24 * 60", "TIMEOUT_MINUTES = 5 * 24 * 60")
    copy.write(ACCEPTED, LONGER)
    copy.commit("Approval: a day more to decide")
