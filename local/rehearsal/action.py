"""The context of a pipeline action, and the port of the workers that run actions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from local.rehearsal.artifacts import Artifacts
from local.rehearsal.errors import ActionError
from local.rehearsal.pipeline_definition import Action
from local.rehearsal.principal import Principal

REFERENCE = re.compile(r"#\{([^.}]+)\.([^}]+)\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """One run of one action; ``folder`` is its own and is deleted afterwards, ``log`` stays."""

    action: Action
    configuration: Mapping[str, str]
    artifacts: Artifacts
    pipeline_role: Principal
    execution_id: str
    revision: str
    folder: Path
    log: Path


class Worker(Protocol):
    """Runs the actions of one provider."""

    def run(self, context: Context) -> Mapping[str, str]:
        """Run the action and return its output variables.

        Raises:
            ActionError: it failed.
            WaitingError: it can't continue until it gets an answer.

        """


# By category and provider of the action.
Workers: TypeAlias = Mapping[tuple[str, str], Worker]


def substitute(
    configuration: Mapping[str, str], namespaces: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """Return ``configuration`` with each ``#{namespace.variable}`` of earlier actions replaced.

    Raises:
        ActionError: a variable has no value.

    """

    def value(found: re.Match[str]) -> str:
        namespace, name = found.groups()
        if name not in namespaces.get(namespace, {}):
            raise ActionError(f"variable {found[0]} has no value")
        return namespaces[namespace][name]

    return {key: REFERENCE.sub(value, text) for key, text in configuration.items()}
