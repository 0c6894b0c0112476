"""Which execution is in which stage: one that waits for somebody keeps its stage locked."""

from local.rehearsal.errors import RehearsalError
from local.rehearsal.execution import Execution, Status


class Occupancy:
    def __init__(self) -> None:
        self._entered: dict[str, Execution] = {}
        self._waiting: dict[str, Execution] = {}

    def enter(self, stage: str, execution: Execution) -> None:
        """Raise ``RehearsalError`` when another one waits in ``stage``: on AWS, so would this."""
        if other := self._waiting.get(stage):
            raise RehearsalError(f"{stage} is locked by execution {other.id}, which waits there")
        self._entered[stage] = execution

    def wait(self, stage: str, execution: Execution) -> None:
        self._waiting[stage] = execution

    def stop(self, execution_id: str) -> bool:
        """Stop an execution that waits; False when it does not."""
        for stage, execution in self._waiting.items():
            if execution.id == execution_id:
                execution.status = Status.STOPPED
                del self._waiting[stage]
                return True
        return False

    def latest(self, stage: str) -> tuple[str, Status] | None:
        """The last execution that has entered ``stage``: its id, and whether it is still there."""
        execution = self._entered.get(stage)
        if execution is None:
            return None
        waits = self._waiting.get(stage) is execution
        return execution.id, Status.IN_PROGRESS if waits else Status.SUCCEEDED
