"""Runs one action of an execution with its provider's worker, and keeps what it passes on."""

import itertools
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local import missing_right
from local.rehearsal.action import Context, Workers, substitute
from local.rehearsal.artifacts import Artifacts
from local.rehearsal.errors import ActionError, RehearsalError, WaitingError
from local.rehearsal.pipeline_definition import Action, Pipeline, Stage
from local.rehearsal.pipeline_execution import ActionRecord, Execution, Status
from local.rehearsal.principal import Principal
from local.rehearsal.terminal_output import Console

SOURCE = "Source"


@dataclass(kw_only=True, slots=True)
class Run:
    """An execution with the values that its actions pass on to later ones."""

    pipeline: Pipeline
    execution: Execution
    role: Principal
    artifacts: Artifacts
    namespaces: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Give the execution's own id to its actions, whatever it takes over from another one."""
        self.namespaces["codepipeline"] = {"PipelineExecutionId": self.execution.id}


class ActionRunner:
    """Runs actions with ``workers``; each leaves a log in ``logs`` and nothing in ``folder``."""

    def __init__(self, workers: Workers, *, folder: Path, logs: Path, console: Console) -> None:
        self._workers = workers
        self._folder = folder
        self._logs = logs
        self._console = console
        self._numbers = itertools.count(1)

    def run(self, run: Run, stage: Stage, action: Action) -> Status:
        """Run the action, record it in the execution, and return how it ended.

        Raises:
            RehearsalError: it does something that can't be rehearsed.

        """
        record = ActionRecord(stage=stage.name, name=action.name)
        run.execution.actions.append(record)
        started = time.monotonic()
        tail = ""
        try:
            with self._console.running(record):
                self._call_worker(run, action, record)
            record.status = Status.SUCCEEDED
        except WaitingError as waiting:
            record.message = str(waiting)
        except ActionError as error:
            record.status, tail = Status.FAILED, error.tail
            right = missing_right.find(f"{error}\n{tail}", run.role.clients)
            record.message = "; ".join(filter(None, [str(error), right]))
        record.seconds = round(time.monotonic() - started, 1)
        self._console.ended(record, tail)
        return record.status

    def _call_worker(self, run: Run, action: Action, record: ActionRecord) -> None:
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
        record.variables = outputs
        record.artifacts = {name: run.artifacts.place(name) for name in action.outputs}
        if action.namespace:
            run.namespaces[action.namespace] = outputs
        if action.category == SOURCE:
            run.execution.revision = outputs["CommitId"]
