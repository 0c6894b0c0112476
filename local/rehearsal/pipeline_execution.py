"""Executions of the pipeline: what happened in each, and which one is in which stage."""

from collections.abc import Mapping
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


class ExecutionType(StrEnum):
    """The names that CodePipeline uses."""

    STANDARD = "STANDARD"
    ROLLBACK = "ROLLBACK"


@dataclass(kw_only=True, slots=True)
class ActionRecord:
    """One run of one action; ``message`` says why it failed or what it waits for.

    ``artifacts`` says where what it has produced is kept, by name.
    """

    stage: str
    name: str
    status: Status = Status.IN_PROGRESS
    seconds: float = 0.0
    message: str = ""
    log: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    artifacts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(kw_only=True, slots=True)
class Execution:
    """One execution; ``trigger`` says in words what started it.

    A rollback has the id of the execution whose stage it runs again as its ``rollback_target``.
    """

    id: str
    trigger: str
    revision: str = ""
    rollback_target: str = ""
    status: Status = Status.IN_PROGRESS
    actions: list[ActionRecord] = field(default_factory=list)

    @property
    def type(self) -> ExecutionType:
        return ExecutionType.ROLLBACK if self.rollback_target else ExecutionType.STANDARD

    @property
    def seconds(self) -> float:
        return sum(action.seconds for action in self.actions)

    def action(self, name: str) -> ActionRecord | None:
        """Return the record of an action, or ``None`` if it never started."""
        return next((each for each in self.actions if each.name == name), None)


class StageLocks:
    """The execution in each stage; one that waits for an answer keeps its stage locked."""

    def __init__(self) -> None:
        self._latest: dict[str, tuple[Execution, Status]] = {}
        self._waiting: dict[str, Execution] = {}

    def enter(self, stage: str, execution: Execution) -> None:
        """Record that ``execution`` is in ``stage``.

        Raises:
            RehearsalError: another one is waiting there; on AWS, this one would wait as well.

        """
        if (other := self._waiting.pop(stage, execution)) is not execution:
            self._waiting[stage] = other
            raise RehearsalError(f"{stage} is locked by execution {other.id}, which waits there")
        self._latest[stage] = execution, Status.IN_PROGRESS

    def leave(self, stage: str, execution: Execution, status: Status) -> None:
        """Record how the run of ``stage`` has ended; one in progress waits, and locks it."""
        self._latest[stage] = execution, status
        if status is Status.IN_PROGRESS:
            self._waiting[stage] = execution

    def stop(self, execution_id: str) -> bool:
        """Stop a waiting execution and unlock its stage; return False if it isn't waiting."""
        for stage, execution in self._waiting.items():
            if execution.id == execution_id:
                execution.status = Status.STOPPED
                self._latest[stage] = execution, Status.STOPPED
                del self._waiting[stage]
                return True
        return False

    def latest(self, stage: str) -> tuple[Execution, Status] | None:
        """Return the last execution in ``stage``, and how its run of that stage stands."""
        return self._latest.get(stage)
