"""Executions of the pipeline: what happened in each, and which one is in which stage."""

from dataclasses import dataclass, field
from enum import StrEnum

from local.rehearsal.errors import RehearsalError


class Status(StrEnum):
    """The names that CodePipeline uses."""

    IN_PROGRESS = "InProgress"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    SUPERSEDED = "Superseded"
    STOPPED = "Stopped"


@dataclass(kw_only=True, slots=True)
class ActionRecord:
    """One run of one action; ``message`` says why it failed or what it waits for."""

    stage: str
    name: str
    status: Status = Status.IN_PROGRESS
    seconds: float = 0.0
    message: str = ""
    log: str = ""


@dataclass(kw_only=True, slots=True)
class Execution:
    """One execution; ``trigger`` says in words what started it."""

    id: str
    trigger: str
    revision: str = ""
    status: Status = Status.IN_PROGRESS
    actions: list[ActionRecord] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return sum(action.seconds for action in self.actions)

    def action(self, name: str) -> ActionRecord | None:
        """Return the record of an action, or ``None`` if it never started."""
        return next((each for each in self.actions if each.name == name), None)


class StageLocks:
    """The execution in each stage; one that waits for an answer keeps its stage locked."""

    def __init__(self) -> None:
        self._entered: dict[str, Execution] = {}
        self._waiting: dict[str, Execution] = {}

    def enter(self, stage: str, execution: Execution) -> None:
        """Record that ``execution`` is in ``stage``.

        Raises:
            RehearsalError: another one is waiting there; on AWS, this one would wait as well.

        """
        if other := self._waiting.get(stage):
            raise RehearsalError(f"{stage} is locked by execution {other.id}, which waits there")
        self._entered[stage] = execution

    def wait(self, stage: str, execution: Execution) -> None:
        """Lock ``stage`` for ``execution``, until it is stopped."""
        self._waiting[stage] = execution

    def stop(self, execution_id: str) -> bool:
        """Stop a waiting execution and unlock its stage; return False if it isn't waiting."""
        for stage, execution in self._waiting.items():
            if execution.id == execution_id:
                execution.status = Status.STOPPED
                del self._waiting[stage]
                return True
        return False

    def latest(self, stage: str) -> tuple[str, Status] | None:
        """Return the id of the last execution in ``stage``, and whether it is still in there."""
        execution = self._entered.get(stage)
        if execution is None:
            return None
        waits = self._waiting.get(stage) is execution
        return execution.id, Status.IN_PROGRESS if waits else Status.SUCCEEDED
