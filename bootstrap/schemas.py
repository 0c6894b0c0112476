"""``handlers.json``: what CloudFormation's registry says that each type's handlers call.

Runs in the environment of cfn-lint, which contains the schemas. After a change of
``actions.toml`` or of cfn-lint's version: ``.scan-venv/bin/python -m bootstrap.schemas``.
"""

import importlib
import json
import tomllib
from pathlib import Path

from naming import REGIONS

FOLDER = Path(__file__).parent
FILE = FOLDER / "handlers.json"
# A deployment never calls the list handler, which serves inventories.
HANDLERS = ("create", "read", "update", "delete")
UNLISTED, BESIDES = tomllib.loads((FOLDER / "schemas.toml").read_text()).values()


def handlers() -> dict[str, dict[str, list[str]]]:
    """Return by type and handler, and for its ``tags``, the actions that are called.

    What one region's schema lists counts for both. A type of which there is no schema and that
    is not in ``UNLISTED`` raises cfn-lint's error.
    """
    types = tomllib.loads((FOLDER / "actions.toml").read_text())
    return {type_: _handlers(type_) for type_ in sorted(types)}


def _handlers(type_: str) -> dict[str, list[str]]:
    if type_ in UNLISTED:
        return {handler: sorted(actions) for handler, actions in UNLISTED[type_].items()}
    manager = importlib.import_module("cfnlint.schema.manager").PROVIDER_SCHEMA_MANAGER
    besides = BESIDES.get(type_, {})
    listed = {each: {*besides.get(each, ())} for each in (*HANDLERS, "tags")}
    for region in REGIONS:
        schema = manager.get_resource_schema(region, type_).schema
        told = {**schema.get("handlers", {}), "tags": schema.get("tagging") or {}}
        for each, actions in listed.items():
            actions.update(told.get(each, {}).get("permissions", ()))
    return {each: sorted(actions) for each, actions in listed.items()}


def text() -> str:
    """Return what ``handlers.json`` should contain."""
    return json.dumps(handlers(), indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
