"""What happened: executions of the pipeline with their stages and actions."""

from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """As CodePipeline names them."""

    IN_PROGRESS = "InProgress"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    SUPERSEDED = "Superseded"
    STOPPED = "Stopped"


@dataclass(kw_only=True, slots=True)
class ActionRecord:
    stage: str
    name: str
    status: Status = Status.IN_PROGRESS
    seconds: float = 0.0
    message: str = ""
    log: str = ""


@dataclass(kw_only=True, slots=True)
class Execution:
    """``trigger`` says what has started it, in words."""

    id: str
    trigger: str
    revision: str = ""
    status: Status = Status.IN_PROGRESS
    actions: list[ActionRecord] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return sum(action.seconds for action in self.actions)

    def action(self, name: str) -> ActionRecord | None:
        """The record of the action, ``None`` when it was never begun."""
        return next((each for each in self.actions if each.name == name), None)
