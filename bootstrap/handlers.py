"""What CloudFormation calls to create, update or delete a resource, by its type.

From the registry's schemas alone (``handlers.json``), so that what ``actions.toml`` grants can be
compared with it. Imports nothing but the standard library: the emulator asks it as well.
"""

import json
import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

FOLDER = Path(__file__).parent
LISTED: Mapping[str, Mapping[str, list[str]]] = json.loads((FOLDER / "handlers.json").read_text())
UNSET: list[Mapping[str, list[str]]] = tomllib.loads((FOLDER / "unset.toml").read_text())["unset"]


def calls(type_: str, operation: str) -> frozenset[str]:
    """Return the actions that ``operation`` needs on a resource of ``type_``.

    What has been written is read as well, and tagged: CloudFormation puts tags of its own on
    every resource that can have tags. A wildcard of a schema stays one. Actions for properties
    that no resource of the app sets are left out. A type that is not listed raises ``KeyError``.
    """
    listed = LISTED[type_]
    handlers = (operation,) if operation == "delete" else (operation, "read", "tags")
    asked = {action for each in handlers for action in listed.get(each, ())}
    return frozenset(action for action in asked if not is_unset(type_, action))


def is_unset(type_: str, action: str) -> bool:
    """Return whether ``unset.toml`` says that a resource of ``type_`` never needs ``action``."""
    patterns = (each for row in UNSET if type_ in row["types"] for each in row["actions"])
    return any(fnmatchcase(action, pattern) for pattern in patterns)
