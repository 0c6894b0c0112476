"""Executes a pipeline as CodePipeline does: stage by stage, action by action, in run order."""

import itertools
import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.rehearsal.action import Context, Workers, substitute
from local.rehearsal.artifacts import Artifacts
from local.rehearsal.errors import ActionError, RehearsalError, WaitingError
from local.rehearsal.pipeline_definition import Action, Pipeline, Stage
from local.rehearsal.pipeline_execution import ActionRecord, Execution, StageLocks, Status
from local.rehearsal.principal import Principal
from local.rehearsal.terminal_output import Console

SOURCE = "Source"


@dataclass(kw_only=True, slots=True)
class _Run:
    """An execution with the values that its actions pass on to later ones."""

    pipeline: Pipeline
    execution: Execution
    role: Principal
    artifacts: Artifacts
    namespaces: dict[str, Mapping[str, str]] = field(default_factory=dict)


class Engine:
    """Executes the pipeline that ``deployed`` returns; remembers each stage's last success."""

    def __init__(
        self,
        *,
        deployed: Callable[[], Pipeline],
        root: Principal,
        workers: Workers,
        locks: StageLocks,
        folder: Path,
        logs: Path,
        console: Console,
    ) -> None:
        self._deployed = deployed
        self._root = root
        self._workers = workers
        self._folder = folder
        self._logs = logs
        self._console = console
        self._last: dict[str, _Run] = {}
        self._locks = locks
        self._numbers = itertools.count(1)
        self.executions: list[Execution] = []

    def run(self) -> Execution:
        """Execute the pipeline as after a push, and return the execution.

        A pipeline that updates itself starts again, as an execution of its own.

        Raises:
            RehearsalError: it does something that can't be rehearsed.

        """
        for trigger in itertools.chain(["push"], itertools.repeat("pipeline was updated")):
            run = self._start(trigger)
            run.execution.status = self._run_stages(run)
            self._console.finished(run.execution)
            if run.execution.status is not Status.SUPERSEDED:
                return run.execution
        raise AssertionError  # the triggers never end

    def _start(self, trigger: str, target: _Run | None = None) -> _Run:
        pipeline = self._deployed()
        execution = Execution(id=str(uuid.uuid4()), trigger=trigger)
        self.executions.append(execution)
        self._console.started(execution)
        role = self._root.assume(pipeline.role_arn)
        if target is None:
            return _Run(
                pipeline=pipeline,
                execution=execution,
                role=role,
                artifacts=Artifacts(pipeline, role),
                namespaces=_codepipeline_variables(execution),
            )
        execution.revision = target.execution.revision
        return _Run(
            pipeline=pipeline,
            execution=execution,
            role=role,
            artifacts=target.artifacts,
            namespaces={**target.namespaces, **_codepipeline_variables(execution)},
        )

    def _run_stages(self, run: _Run) -> Status:
        for stage in run.pipeline.stages:
            self._locks.enter(stage.name, run.execution)
            for status in self._statuses(run, stage):
                if status is Status.SUPERSEDED:
                    return status
                if status is Status.IN_PROGRESS:
                    self._locks.wait(stage.name, run.execution)
                    return status
                if status is Status.FAILED:
                    if stage.rolls_back:
                        self._roll_back(run.pipeline, stage)
                    return status
            self._last[stage.name] = run
        return Status.SUCCEEDED

    def _statuses(self, run: _Run, stage: Stage) -> Iterator[Status]:
        """Yield the outcome of each group of actions that share a run order."""
        for _, group in itertools.groupby(stage.actions, key=lambda action: action.run_order):
            outcomes = {self._run_action(run, stage, action) for action in group}
            if outcomes == {Status.SUCCEEDED}:
                yield self._updated(run)
            else:
                yield Status.FAILED if Status.FAILED in outcomes else Status.IN_PROGRESS

    def _updated(self, run: _Run) -> Status:
        if run.pipeline.restarts_on_update and self._deployed().version != run.pipeline.version:
            return Status.SUPERSEDED
        return Status.SUCCEEDED

    def _roll_back(self, pipeline: Pipeline, stage: Stage) -> None:
        """Run the stage again with the input of its last success, as an execution of its own."""
        target = self._last.get(stage.name)
        if target is None or target.pipeline.version != pipeline.version:
            self._console.note(
                f"  {stage.name} can't be rolled back: this pipeline version never deployed it"
            )
            return
        run = self._start(f"rollback of {stage.name}", target)
        outcomes = set(self._statuses(run, stage))
        failed = outcomes != {Status.SUCCEEDED}
        run.execution.status = Status.FAILED if failed else Status.SUCCEEDED
        self._console.finished(run.execution)

    def _run_action(self, run: _Run, stage: Stage, action: Action) -> Status:
        record = ActionRecord(stage=stage.name, name=action.name)
        run.execution.actions.append(record)
        self._console.running(record)
        started = time.monotonic()
        tail = ""
        try:
            self._call_worker(run, action, record)
            record.status = Status.SUCCEEDED
        except WaitingError as waiting:
            record.message = str(waiting)
        except ActionError as error:
            record.status, record.message, tail = Status.FAILED, str(error), error.tail
        record.seconds = round(time.monotonic() - started, 1)
        self._console.ended(record, tail)
        return record.status

    def _call_worker(self, run: _Run, action: Action, record: ActionRecord) -> None:
        worker = self._workers.get((action.category, action.provider))
        if worker is None:
            raise RehearsalError(f"can't rehearse {action.category} by {action.provider}")
        number = next(self._numbers)
        folder = self._folder / f"{number:03d}"
        log = self._logs / f"{number:03d}-{action.name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        record.log = str(log)
        context = Context(
            action=action,
            configuration=substitute(action.configuration, run.namespaces),
            artifacts=run.artifacts,
            pipeline_role=run.role,
            execution_id=run.execution.id,
            revision=run.execution.revision,
            folder=folder,
            log=log,
        )
        try:
            outputs = worker.run(context)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if action.namespace:
            run.namespaces[action.namespace] = outputs
        if action.category == SOURCE:
            run.execution.revision = outputs["CommitId"]


def _codepipeline_variables(execution: Execution) -> dict[str, Mapping[str, str]]:
    return {"codepipeline": {"PipelineExecutionId": execution.id}}
