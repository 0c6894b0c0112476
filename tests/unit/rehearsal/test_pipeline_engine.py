from pathlib import Path

import pytest

from local.rehearsal.errors import RehearsalError
from local.rehearsal.pipeline_execution import Status
from tests.unit.rehearsal.fakes import SOURCE, Builder, World, action, pipeline, stage

ROLLBACK = {"Result": "ROLLBACK"}


def test_actions_run_in_the_order_of_their_run_order(tmp_path: Path) -> None:
    late, early = action("late", RunOrder=2), action("early", RunOrder=1)
    world = World(pipeline(SOURCE, stage("Build", late, early)), tmp_path)

    execution = world.engine().run()

    assert world.builder.done == ["early c1", "late c1"]
    assert execution.status is Status.SUCCEEDED
    assert execution.revision == "c1"


def test_a_failure_stops_the_execution_after_its_own_run_order(tmp_path: Path) -> None:
    first = [action("bad"), action("beside"), action("after", RunOrder=2)]
    world = World(pipeline(SOURCE, stage("Build", *first), stage("Next", action("next"))), tmp_path)
    world.builder.fails = lambda note: note.startswith("bad")

    execution = world.engine().run()

    assert world.builder.done == ["bad c1", "beside c1"]
    assert execution.status is Status.FAILED
    record = execution.action("bad")
    assert record
    assert record.message == "bad c1 went wrong"
    assert execution.action("next") is None


def test_outputs_of_an_action_reach_later_ones_through_its_namespace(tmp_path: Path) -> None:
    make = action("make", Namespace="Made")
    use = action("use", RunOrder=2, Configuration={"what": "#{Made.thing} of #{Code.CommitId}"})
    world = World(pipeline(SOURCE, stage("Build", make, use)), tmp_path)
    world.builder.outputs = {"thing": "cake"}

    world.engine().run()

    assert world.builder.done[-1] == "use cake of c1"


def test_an_unknown_variable_fails_the_action_that_names_it(tmp_path: Path) -> None:
    use = action("use", Configuration={"what": "#{Nobody.thing}"})
    world = World(pipeline(SOURCE, stage("Build", use)), tmp_path)

    execution = world.engine().run()

    assert world.builder.done == []
    assert execution.actions[-1].message == "variable #{Nobody.thing} has no value"


def test_a_changed_pipeline_starts_again_from_the_source(tmp_path: Path) -> None:
    old = pipeline(SOURCE, stage("Update", action("update")), stage("Old", action("old")))
    new = pipeline(SOURCE, stage("Update", action("update")), stage("New", action("new")))
    world = World(old, tmp_path)
    world.builder.meanwhile = lambda _: setattr(world, "pipeline", new)
    engine = world.engine()

    execution = engine.run()

    assert world.builder.done == ["update c1", "update c1", "new c1"]
    assert [each.status for each in engine.executions] == [Status.SUPERSEDED, Status.SUCCEEDED]
    assert execution.trigger == "pipeline was updated"


def test_a_failed_stage_is_redeployed_from_what_it_last_succeeded_with(tmp_path: Path) -> None:
    deploy = stage("Deploy", action("deploy"), action("prove", RunOrder=2), OnFailure=ROLLBACK)
    world = World(pipeline(SOURCE, deploy, stage("Next", action("next"))), tmp_path)
    world.builder.fails = lambda note: note == "prove c2"
    engine = world.engine()
    engine.run()
    world.hub.commits.append("c2")

    failed = engine.run()

    assert world.builder.done == [
        *("deploy c1", "prove c1", "next c1"),
        *("deploy c2", "prove c2"),
        *("deploy c1", "prove c1"),
    ]
    assert failed.status is Status.FAILED
    assert engine.executions[-1].trigger == "rollback of Deploy"
    assert engine.executions[-1].status is Status.SUCCEEDED
    assert engine.executions[-1].revision == "c1"


def test_a_stage_without_rollback_stays_as_its_failure_left_it(tmp_path: Path) -> None:
    world = World(pipeline(SOURCE, stage("Deploy", action("deploy"))), tmp_path)
    world.builder.fails = lambda note: note == "deploy c2"
    engine = world.engine()
    engine.run()
    world.hub.commits.append("c2")

    engine.run()

    assert world.builder.done == ["deploy c1", "deploy c2"]


def test_a_first_failure_has_nothing_to_roll_back_to(tmp_path: Path) -> None:
    deploy = stage("Deploy", action("deploy"), OnFailure=ROLLBACK)
    world = World(pipeline(SOURCE, deploy), tmp_path, builder=Builder(fails=lambda _: True))
    engine = world.engine()

    engine.run()

    assert world.builder.done == ["deploy c1"]
    assert len(engine.executions) == 1


def test_a_stage_is_not_rolled_back_to_an_execution_of_another_pipeline(tmp_path: Path) -> None:
    deploy = stage("Deploy", action("deploy"), OnFailure=ROLLBACK)
    world = World(pipeline(SOURCE, deploy), tmp_path)
    engine = world.engine()
    engine.run()
    world.pipeline = pipeline(SOURCE, deploy, stage("More", action("more")))
    world.builder.fails = lambda _: True

    engine.run()

    assert world.builder.done == ["deploy c1", "deploy c1"]
    assert len(engine.executions) == 2


def test_the_pipeline_is_healthy_after_a_failure(tmp_path: Path) -> None:
    world = World(pipeline(SOURCE, stage("Ask", action("ask"))), tmp_path)
    world.builder.fails = lambda note: note == "ask c1"
    engine = world.engine()
    engine.run()
    world.hub.commits.append("c2")

    execution = engine.run()

    assert execution.status is Status.SUCCEEDED


def test_an_execution_without_an_answer_stays_in_its_stage(tmp_path: Path) -> None:
    ask, after = stage("Ask", action("ask")), stage("After", action("after"))
    world = World(pipeline(SOURCE, ask, after), tmp_path)
    world.builder.waits = lambda note: note == "ask c1"

    execution = world.engine().run()

    assert execution.status is Status.IN_PROGRESS
    assert world.locks.latest("Ask") == (execution, Status.IN_PROGRESS)
    assert world.builder.done == ["ask c1"]


def test_an_execution_goes_on_from_its_stage_once_it_is_answered(tmp_path: Path) -> None:
    ask = stage("Ask", action("before"), action("ask", RunOrder=2))
    world = World(pipeline(SOURCE, ask, stage("After", action("after"))), tmp_path)
    world.builder.waits = lambda note: note == "ask c1"
    engine = world.engine()
    execution = engine.run()
    world.builder.waits = lambda _: False

    assert engine.resume() is execution

    assert world.builder.done == ["before c1", "ask c1", "ask c1", "after c1"]
    assert execution.status is Status.SUCCEEDED
    assert [each.name for each in execution.actions] == ["checkout", "before", "ask", "after"]
    assert len(engine.executions) == 1


def test_without_a_waiting_execution_there_is_nothing_to_answer(tmp_path: Path) -> None:
    world = World(pipeline(SOURCE, stage("Ask", action("ask"))), tmp_path)
    engine = world.engine()
    with pytest.raises(RehearsalError, match="no execution waits"):
        engine.resume()
    world.builder.waits = lambda _: True
    execution = engine.run()
    world.locks.stop(execution.id)

    with pytest.raises(RehearsalError, match="no execution waits"):
        engine.resume()


def test_a_rollback_says_what_it_is_and_what_it_goes_back_to(tmp_path: Path) -> None:
    deploy = stage("Deploy", action("deploy"), OnFailure=ROLLBACK)
    world = World(pipeline(SOURCE, deploy, stage("Next", action("next"))), tmp_path)
    world.builder.fails = lambda note: note == "deploy c2"
    engine = world.engine()
    first = engine.run()
    assert world.locks.latest("Deploy") == (first, Status.SUCCEEDED)
    world.hub.commits.append("c2")

    engine.run()

    rollback = engine.executions[-1]
    assert world.locks.latest("Deploy") == (rollback, Status.SUCCEEDED)
    assert world.locks.latest("Next") == (first, Status.SUCCEEDED)
    assert (first.type, rollback.type) == ("STANDARD", "ROLLBACK")
    assert rollback.rollback_target == first.id


def test_a_rollback_that_fails_is_not_rolled_back_itself(tmp_path: Path) -> None:
    deploy = stage("Deploy", action("deploy"), OnFailure=ROLLBACK)
    world = World(pipeline(SOURCE, deploy), tmp_path)
    engine = world.engine()
    first = engine.run()
    world.hub.commits.append("c2")
    world.builder.fails = lambda _: True
    engine.run()
    world.builder.fails = lambda note: note == "deploy c3"
    world.hub.commits.append("c3")

    engine.run()

    assert [each.status for each in engine.executions[2::2]] == [Status.FAILED, Status.SUCCEEDED]
    assert {each.rollback_target for each in engine.executions[2::2]} == {first.id}


def test_an_execution_has_its_own_id_as_a_variable(tmp_path: Path) -> None:
    use = action("use", Configuration={"what": "#{codepipeline.PipelineExecutionId}"})
    world = World(pipeline(SOURCE, stage("Build", use)), tmp_path)

    execution = world.engine().run()

    assert world.builder.done == [f"use {execution.id}"]


def test_an_action_without_a_worker_is_refused(tmp_path: Path) -> None:
    world = World(pipeline(SOURCE, stage("Deploy", action("deploy", "Deploy", "ECS"))), tmp_path)

    with pytest.raises(RehearsalError, match="can't rehearse Deploy by ECS"):
        world.engine().run()


def test_what_an_action_leaves_in_its_folder_goes_with_it(tmp_path: Path) -> None:
    world = World(pipeline(SOURCE, stage("Build", action("build"))), tmp_path)
    leftover = tmp_path / "actions" / "002" / "leftover"
    world.builder.meanwhile = lambda _: leftover.mkdir(parents=True)

    world.engine().run()

    assert not leftover.exists()
