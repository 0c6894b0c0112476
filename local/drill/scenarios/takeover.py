"""Moves of the traffic while both regions work, interrupted and under load."""

import naming
from local.drill.measures import watching
from local.drill.operator import reconcile, run, run_killed_at_each_change
from local.drill.stage import Play, Stage


def failover_interrupted(stage: Stage) -> None:
    """Kill a planned failover after each step, and then let it end; fail back under load."""
    with stage.producer.sending():
        stage.await_steady()
        fault_s = stage.note("planned failover, killed after each step", kind="fault")
        with watching(stage, fault_s, naming.STANDBY):
            run_killed_at_each_change(stage, "failover", "--yes")
            stage.move(naming.STANDBY)
        stage.await_acknowledged(5)
        stage.note("failback under load")
        run(stage, "failback", "--yes")
        stage.move(naming.PRIMARY)
        stage.await_acknowledged(5)
    reconcile(stage)


SCENARIOS: dict[str, Play] = {"failover-interrupted": failover_interrupted}
