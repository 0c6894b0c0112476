"""What CloudFormation calls to create, update or delete a resource, by its type.

From the registry's schemas alone (``handlers.json``), so that what ``actions.toml`` grants can be
compared with it. cfn-lint contains them: after a change of its version or of ``actions.toml``,
``.scan-venv/bin/python -m bootstrap.handlers``. Needs no package before that: the emulator asks it.
"""

import importlib
import json
import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from naming import REGIONS

FOLDER = Path(__file__).parent
FILE = FOLDER / "handlers.json"
# A deployment never calls the list handler, which serves inventories.
HANDLERS = ("create", "read", "update", "delete")
LISTED: Mapping[str, Mapping[str, list[str]]] = json.loads(FILE.read_text())
UNSET: list[Mapping[str, list[str]]] = tomllib.loads((FOLDER / "unset.toml").read_text())["unset"]
UNLISTED, BESIDES = tomllib.loads((FOLDER / "handlers.toml").read_text()).values()


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


def text() -> str:
    """Return what ``handlers.json`` should contain.

    By type and handler, and for its ``tags``, the actions that are called. What one region's schema
    lists counts for both. A type of which there is no schema and that is not in ``UNLISTED`` raises
    cfn-lint's error.
    """
    types = tomllib.loads((FOLDER / "actions.toml").read_text())
    return json.dumps({type_: _handlers(type_) for type_ in sorted(types)}, indent=1) + "\n"


def _handlers(type_: str) -> dict[str, list[str]]:
    if type_ in UNLISTED:
        return {handler: sorted(actions) for handler, actions in UNLISTED[type_].items()}
    manager = importlib.import_module("cfnlint.schema.manager").PROVIDER_SCHEMA_MANAGER
    listed = {each: {*BESIDES.get(type_, {}).get(each, ())} for each in (*HANDLERS, "tags")}
    for region in REGIONS:
        schema = manager.get_resource_schema(region, type_).schema
        told = {**schema.get("handlers", {}), "tags": schema.get("tagging") or {}}
        for each, actions in listed.items():
            actions.update(told.get(each, {}).get("permissions", ()))
    return {each: sorted(actions) for each, actions in listed.items()}


if __name__ == "__main__":
    FILE.write_text(text())
