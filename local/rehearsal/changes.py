"""Commits that a developer of this product may push, good and bad ones."""

import re

from local.rehearsal.clone import Clone
from local.rehearsal.errors import RehearsalError

MAIN = "services/processor/runtime/main.py"
STAGE = "stages/pipeline_stage.py"
APPROVAL = "stages/pipeline/approval.py"
TIMEOUT = re.compile(r"(?<=connect_timeout=)\d+")


def of_the_handler(clone: Clone) -> None:
    """A harmless setting of the handler: the S3 client waits a second longer."""
    text = clone.read(MAIN)
    changed, count = TIMEOUT.subn(lambda found: str(int(found[0]) + 1), text)
    if not count:
        raise RehearsalError(f"{MAIN} has no connect_timeout to change")
    clone.write(MAIN, changed)
    clone.commit("Processor: wait longer for a connection")


def that_breaks_the_handler(clone: Clone) -> None:
    """Wired wrongly: right for the type checker, wrong for the table; only a deployment tells."""
    clone.replace(
        MAIN,
        "ledger=DynamoDbLedger(_dynamodb, _settings.table_name,",
        "ledger=DynamoDbLedger(_dynamodb, _settings.region,",
    )
    clone.commit("Processor: another ledger")


def that_violates_a_policy(clone: Clone) -> None:
    """A bucket that anybody may read over plain HTTP and that goes with its stack."""
    clone.replace(STAGE, "from aws_cdk import Stage\n", "from aws_cdk import Stage, aws_s3\n")
    clone.write(STAGE, clone.read(STAGE) + '        aws_s3.Bucket(self.stack, "Exports")\n')
    clone.commit("A bucket for exports")


def of_the_pipeline(clone: Clone) -> None:
    clone.replace(APPROVAL, "Promote this commit to", "Promote it to")
    clone.commit("Approval: a clearer question")
