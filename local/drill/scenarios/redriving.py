"""Dead letters of several causes, and ``ops redrive`` killed again and again."""

import naming
from local.drill.measures import await_first_record
from local.drill.operator import CHANGES, reconcile, run_killed_at_each_change
from local.drill.stage import Play, Stage
from local.emulator_faults.schedule import Fault, Rule

LETTERS = 6
KILLS = 5  # what a killed run has received is hidden for half a minute
# To receive a letter hides it from everybody else for a while.
HIDING = "Receive.*"


def redrive_killed(stage: Stage) -> None:
    """Let S3 be out of reach until files are dead letters; kill the redrive after each line."""
    unreadable = Rule(
        fault=Fault.UNAVAILABLE, region=naming.PRIMARY, service="s3", operation="GetObjectVersion"
    )
    with stage.producer.sending():
        stage.await_acknowledged(3)
    stage.ground.faults.plan(calls=[unreadable])
    stage.note("S3 returns no object to the processor", kind="fault")
    for _ in range(LETTERS):
        stage.producer.send()
    stage.wait(lambda: _letters(stage) >= LETTERS, "dead letters")
    stage.ground.faults.clear()
    back_s = stage.note(f"S3 is back, {LETTERS} files are dead letters")
    stage.producer.send(rows=5)
    await_first_record(stage, back_s, naming.PRIMARY)
    run_killed_at_each_change(stage, "redrive", "--yes", changes=f"{CHANGES}|{HIDING}", kills=KILLS)
    reconcile(stage)


def _letters(stage: Stage) -> int:
    sqs = stage.ground.connect("sqs", naming.PRIMARY)
    url = sqs.get_queue_url(QueueName=naming.PROCESSOR_DLQ)["QueueUrl"]
    count = "ApproximateNumberOfMessages"
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[count])
    return int(found["Attributes"][count])


SCENARIOS: dict[str, Play] = {"redrive-killed": redrive_killed}
