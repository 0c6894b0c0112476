"""The primary is gone, in several ways; the standby takes over, and the primary comes back."""

import naming
from local.drill.measures import measure_rpo, watching
from local.drill.operator import reconcile, run
from local.drill.stage import Play, Stage
from local.emulator_faults.schedule import Fault

HELD_S = 6.0  # for a minute in earnest; here shorter, and the page says so


def refused(stage: Stage) -> None:
    """Lose the primary: every call is refused."""
    _lose(stage, Fault.RESET)


def hanging(stage: Stage) -> None:
    """Lose the primary: calls hang."""
    _lose(stage, Fault.HUNG)


def behind(stage: Stage) -> None:
    """Hold replication, then lose the region: what was not replicated waits there."""
    _lose(stage, Fault.RESET, held_s=HELD_S)


def _lose(stage: Stage, fault: Fault, held_s: float = 0.0) -> None:
    faults, lost, survivor = stage.ground.faults, naming.PRIMARY, naming.STANDBY
    with stage.producer.sending():
        stage.await_steady()
        held_from_s = stage.ground.clock()
        if held_s:
            faults.hold(lost)
            stage.note(f"replication from {lost} stands still")
            stage.wait(lambda: stage.ground.clock() > held_from_s + held_s, "the hold")
        faults.lose_region(lost, fault)
        stage.kill_functions(lost)
        fault_s = stage.note(f"{lost} is gone: calls meet {fault}", kind="fault")
        with watching(stage, fault_s, survivor):
            run(stage, "failover", "--lost-region", lost, "--yes")
            stage.move(survivor)
        stage.await_acknowledged(10)
        measure_rpo(stage, fault_s, survivor, fault_s - held_from_s if held_s else 0.0)
        faults.clear()
        stage.note(f"{lost} is back")
        run(stage, "failback", "--yes")
        stage.move(lost)
        stage.await_acknowledged(3)
    # What the lost region had in work may overwrite what the survivor has stored since: the last
    # writer wins before it has heard of the other. Reading the files again puts it right.
    reconcile(stage, repair=True)


SCENARIOS: dict[str, Play] = {
    "region-refused": refused,
    "region-hanging": hanging,
    "replication-held": behind,
}
