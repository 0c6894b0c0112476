"""Output variables of actions, which later actions name as ``#{namespace.variable}``."""

import re
from collections.abc import Mapping

from local.rehearsal.errors import ActionError

REFERENCE = re.compile(r"#\{([^.}]+)\.([^}]+)\}")


def substitute(
    configuration: Mapping[str, str], namespaces: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """``configuration`` with its references replaced; an unknown one fails the action."""

    def value(found: re.Match[str]) -> str:
        namespace, name = found.groups()
        if name not in namespaces.get(namespace, {}):
            raise ActionError(f"variable {found[0]} has no value")
        return namespaces[namespace][name]

    return {key: REFERENCE.sub(value, text) for key, text in configuration.items()}
