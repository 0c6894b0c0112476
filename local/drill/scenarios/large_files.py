"""A file that is stored in ranges, by workers that die."""

import json

import naming
from drill.traffic import Upload
from local.drill.measures import await_first_record
from local.drill.operator import reconcile
from local.drill.stage import Play, Stage
from local.emulator_faults.schedule import RUN, Fault, Rule

ROWS, RANGES = 600, 6
# Rows that are stored when all workers are killed.
KILLED_AT = (100, 250)


def killed_range(stage: Stage) -> None:
    """Kill the workers in the middle of a range, twice."""
    region = naming.PRIMARY
    with stage.producer.sending():
        stage.await_steady()
    # Only the state machine is to store the file: to the processor it would be a small one.
    held = Rule(fault=Fault.HELD, region=region, service=RUN, operation=naming.PROCESSOR)
    stage.ground.faults.plan(deliveries=[held])
    upload = stage.producer.send(rows=ROWS, suffix=".csv")
    _start(stage, upload, region)
    for rows in KILLED_AT:
        stage.await_stored(upload, rows, region)
        stage.wait(lambda: stage.kill_functions(region, naming.LARGE_FILE_WORKER), "a worker")
        stage.note(f"workers killed when at least {rows} of {ROWS} rows were stored", kind="fault")
    stage.await_stored(upload, len(upload.records), region)
    stage.wait(lambda: _is_complete(stage, upload), "the file's completion")
    stage.note("all ranges are stored")
    stage.ground.faults.clear()
    fault_s = stage.note("the processor goes on")
    with stage.producer.sending():
        await_first_record(stage, fault_s, region)
    reconcile(stage)


def _start(stage: Stage, upload: Upload, region: str) -> None:
    """Start the state machine as the file's own event does, with small ranges."""
    place, outputs = stage.ground.places[region], stage.ground.cloud.outputs(region)
    timestamp = next(
        timestamp for (_, timestamp), each in stage.expected().files.items() if each is upload
    )
    source = {"bucket": place.bucket, "key": upload.key, "version": upload.version}
    size = {"rows": ROWS, "size_bytes": len(upload.body) // RANGES}
    entry = {"source": source, "timestamp": timestamp, "sequencer": "", "rangeSize": size}
    stage.ground.connect("stepfunctions", region).start_execution(
        stateMachineArn=outputs["LargeFilesArn"], input=json.dumps(entry)
    )
    stage.note(f"the state machine stores a file of {ROWS} rows in {RANGES} ranges")


def _is_complete(stage: Stage, upload: Upload) -> bool:
    key = next(key for key, each in stage.expected().files.items() if each is upload)
    return key in stage.completed_at()


SCENARIOS: dict[str, Play] = {"killed-range": killed_range}
