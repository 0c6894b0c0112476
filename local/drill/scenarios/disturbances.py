"""What a region gets over by itself; afterwards ``ops reconcile`` has to find nothing missing."""

from collections.abc import Sequence

import naming
from local.drill.measures import await_first_record
from local.drill.operator import reconcile, run
from local.drill.stage import Play, Stage
from local.emulator_faults.schedule import ASYNCHRONOUS, RUN, STREAM, Fault, Rule

THROTTLED_SHARE = 0.3
LOST_SHARE = 0.15
CUT_SHARE = 0.05
KILLED_ROWS = 500
KILLED_AT = 150  # rows that are stored


def throttling(stage: Stage) -> None:
    """Let DynamoDB throttle 30 % of the calls of both regions."""
    rules = [Rule(fault=Fault.THROTTLED, service="dynamodb", share=THROTTLED_SHARE)]
    _disturb(stage, f"DynamoDB throttles {THROTTLED_SHARE:.0%} of all calls", calls=rules)


def answers_lost(stage: Stage) -> None:
    """Let answers get lost after the write, and some be cut off."""
    writes = [
        Rule(fault=Fault.ANSWER_LOST, service=service, operation=operation, share=LOST_SHARE)
        for service, operation in (
            ("dynamodb", "PutItem"),
            ("dynamodb", "UpdateItem"),
            ("events", "PutEvents"),
            ("s3", "PutObject"),
        )
    ]
    cut = [
        Rule(fault=Fault.CUT_OFF, service="dynamodb", share=CUT_SHARE),
        Rule(fault=Fault.CUT_OFF, service="s3", operation="GetObjectVersion", share=CUT_SHARE),
    ]
    words = f"{LOST_SHARE:.0%} of answers to writes are lost, {CUT_SHARE:.0%} cut off"
    _disturb(stage, words, calls=[*writes, *cut])


def disordered_events(stage: Stage) -> None:
    """Let notifications come twice or late, and stream batches twice or in another order."""
    rules = [
        Rule(fault=Fault.DOUBLED, service=ASYNCHRONOUS, share=0.3),
        Rule(fault=Fault.DELAYED, service=ASYNCHRONOUS, share=0.4, seconds=4.0),
        Rule(fault=Fault.DOUBLED, service=STREAM, share=0.3),
        Rule(fault=Fault.REORDERED, service=STREAM, share=0.5),
    ]
    _disturb(stage, "events come twice, late and in another order", deliveries=rules)


def killed_file(stage: Stage) -> None:
    """Kill the function in the middle of a file."""
    region = naming.PRIMARY
    with stage.producer.sending():
        stage.await_steady()
    upload = stage.producer.send(rows=KILLED_ROWS, suffix=".jsonl")
    stage.await_stored(upload, KILLED_AT, region)
    killed = stage.kill_functions(region, naming.PROCESSOR)
    fault_s = stage.note(
        f"{killed} processes of the processor killed in the middle of a file", kind="fault"
    )
    with stage.producer.sending():
        await_first_record(stage, fault_s, region)
        stage.await_acknowledged(5)
    reconcile(stage)


def consumer_down(stage: Stage) -> None:
    """Let the primary's consumer stand still for a while, and the standby announce for it."""
    down = Rule(
        fault=Fault.HELD, region=naming.PRIMARY, service=RUN, operation=naming.STREAM_CONSUMER
    )
    with stage.producer.sending():
        stage.await_steady()
        stage.ground.faults.plan(deliveries=[down])
        fault_s = stage.note(f"the consumer of {naming.PRIMARY} is down", kind="fault")
        await_first_record(stage, fault_s, naming.PRIMARY)
        stage.await_acknowledged(5)
        run(stage, "takeover", "on", "--region", naming.STANDBY, "--yes")
        stage.await_processed()
        stage.note(f"{naming.STANDBY} has announced everything")
        stage.ground.faults.clear()
        stage.note("the consumer is back")
        run(stage, "takeover", "off", "--region", naming.STANDBY, "--yes")
    reconcile(stage)


def both_active(stage: Stage) -> None:
    """Let uploads and their corrections go to both regions in turn, by mistake."""
    with stage.producer.sending():
        stage.await_steady()
        stage.producer.to = list(naming.REGIONS)
        fault_s = stage.note("both regions take uploads", kind="fault")
        for region in naming.REGIONS:
            await_first_record(stage, fault_s, region)
        stage.await_acknowledged(16)
    reconcile(stage)


def _disturb(
    stage: Stage, words: str, calls: Sequence[Rule] = (), deliveries: Sequence[Rule] = ()
) -> None:
    """Send files before, during and after faults, and reconcile."""
    with stage.producer.sending():
        stage.await_steady()
        stage.ground.faults.plan(seed=stage.ground.seed, calls=calls, deliveries=deliveries)
        fault_s = stage.note(words, kind="fault")
        await_first_record(stage, fault_s, naming.PRIMARY)
        stage.await_acknowledged(12)
        met = stage.ground.faults.status()
        stage.ground.faults.clear()
        stage.note(f"over, met {sum(met.calls) + sum(met.deliveries)} times")
        if not any(met.calls + met.deliveries):
            stage.complain("no fault was met")
        stage.await_acknowledged(3)
    reconcile(stage)


SCENARIOS: dict[str, Play] = {
    "throttling": throttling,
    "answers-lost": answers_lost,
    "killed-file": killed_file,
    "disordered-events": disordered_events,
    "consumer-down": consumer_down,
    "both-active": both_active,
}
