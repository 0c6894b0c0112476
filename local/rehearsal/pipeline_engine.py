"""Executes a pipeline as CodePipeline does: stage by stage, action by action, in run order."""

import itertools
import uuid
from collections.abc import Callable, Iterator, Sequence

from local.rehearsal.action_runner import ActionRunner, Run
from local.rehearsal.artifacts import Artifacts
from local.rehearsal.errors import RehearsalError
from local.rehearsal.pipeline_definition import Pipeline, Stage
from local.rehearsal.pipeline_execution import Execution, StageLocks, Status
from local.rehearsal.principal import Principal
from local.rehearsal.terminal_output import Console


class Engine:
    """Executes the pipeline that ``deployed`` returns; remembers each stage's last success."""

    def __init__(
        self,
        *,
        deployed: Callable[[], Pipeline],
        root: Principal,
        actions: ActionRunner,
        locks: StageLocks,
        console: Console,
    ) -> None:
        self._deployed = deployed
        self._root = root
        self._actions = actions
        self._console = console
        self._last: dict[str, Run] = {}
        self._locks = locks
        # The execution that waits for an answer, or one that was stopped while it did.
        self._waiting: Run | None = None
        self.executions: list[Execution] = []

    def run(self) -> Execution:
        """Execute the pipeline as after a push, and return the execution.

        A pipeline that updates itself starts again, as an execution of its own.

        Raises:
            RehearsalError: it does something that can't be rehearsed.

        """
        for trigger in itertools.chain(["push"], itertools.repeat("pipeline was updated")):
            run = self._start(trigger)
            run.execution.status = self._run_stages(run, run.pipeline.stages)
            self._console.finished(run.execution)
            if run.execution.status is not Status.SUPERSEDED:
                return run.execution
        raise AssertionError  # the triggers never end

    def resume(self) -> Execution:
        """Ask again for the answer that an execution waits for; it goes on with that answer.

        Raises:
            RehearsalError: none is waiting.

        """
        run, self._waiting = self._waiting, None
        if run is None or run.execution.status is not Status.IN_PROGRESS:
            raise RehearsalError("no execution waits for an answer")
        asked = run.execution.actions.pop()
        names = [stage.name for stage in run.pipeline.stages]
        self._console.started(run.execution)
        run.execution.status = self._run_stages(
            run, run.pipeline.stages[names.index(asked.stage) :]
        )
        self._console.finished(run.execution)
        return run.execution

    def _start(self, trigger: str, target: Run | None = None) -> Run:
        pipeline = self._deployed()
        execution = Execution(id=str(uuid.uuid4()), trigger=trigger)
        self.executions.append(execution)
        role = self._root.assume(pipeline.role_arn)
        if target is None:
            artifacts, namespaces = Artifacts(pipeline, role), {}
        else:
            artifacts, namespaces = target.artifacts, dict(target.namespaces)
            execution.revision = target.execution.revision
            execution.rollback_target = target.execution.id
        self._console.started(execution)
        return Run(
            pipeline=pipeline,
            execution=execution,
            role=role,
            artifacts=artifacts,
            namespaces=namespaces,
        )

    def _run_stages(self, run: Run, stages: Sequence[Stage]) -> Status:
        """Run stages until one doesn't succeed; that one is rolled back, if it is to be."""
        for stage in stages:
            status = self._run_stage(run, stage)
            if status is Status.IN_PROGRESS:
                self._waiting = run
            if status is Status.FAILED and stage.rolls_back:
                self._roll_back(run.pipeline, stage)
            if status is not Status.SUCCEEDED:
                return status
            self._last[stage.name] = run
        return Status.SUCCEEDED

    def _run_stage(self, run: Run, stage: Stage) -> Status:
        self._locks.enter(stage.name, run.execution)
        outcomes = self._statuses(run, stage)
        status = next((each for each in outcomes if each is not Status.SUCCEEDED), Status.SUCCEEDED)
        self._locks.leave(stage.name, run.execution, status)
        return status

    def _statuses(self, run: Run, stage: Stage) -> Iterator[Status]:
        """Yield the outcome of each group of actions that share a run order."""
        done = {
            record.name
            for record in run.execution.actions
            if record.stage == stage.name and record.status is Status.SUCCEEDED
        }
        actions = [action for action in stage.actions if action.name not in done]
        for _, group in itertools.groupby(actions, key=lambda action: action.run_order):
            outcomes = {self._actions.run(run, stage, action) for action in group}
            if outcomes == {Status.SUCCEEDED}:
                yield self._updated(run)
            else:
                yield Status.FAILED if Status.FAILED in outcomes else Status.IN_PROGRESS

    def _updated(self, run: Run) -> Status:
        if run.pipeline.restarts_on_update and self._deployed().version != run.pipeline.version:
            return Status.SUPERSEDED
        return Status.SUCCEEDED

    def _roll_back(self, pipeline: Pipeline, stage: Stage) -> None:
        """Run the stage again with the input of its last success, as an execution of its own.

        That execution ends with the stage, is not rolled back in its turn, and is nothing that a
        later one could be rolled back to.
        """
        target = self._last.get(stage.name)
        if target is None or target.pipeline.version != pipeline.version:
            self._console.note(
                f"  {stage.name} can't be rolled back: this pipeline version never deployed it"
            )
            return
        run = self._start(f"rollback of {stage.name}", target)
        run.execution.status = self._run_stage(run, stage)
        self._console.finished(run.execution)
