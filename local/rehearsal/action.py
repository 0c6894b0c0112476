"""What an action of a pipeline gets to work with, and the port of those that do the work."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from local.rehearsal.artifacts import Artifacts
from local.rehearsal.definition import Action
from local.rehearsal.principal import Principal


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """One run of one action; ``folder`` is its own and goes with it, ``log`` stays."""

    action: Action
    configuration: Mapping[str, str]
    artifacts: Artifacts
    pipeline_role: Principal
    execution_id: str
    revision: str
    folder: Path
    log: Path


class Worker(Protocol):
    def run(self, context: Context) -> Mapping[str, str]:
        """Do the action; return its output variables.

        Raises:
            ActionError: it has failed.
            WaitingError: it can't go on before somebody answers.

        """


# By category and provider of the action.
Workers: TypeAlias = Mapping[tuple[str, str], Worker]
