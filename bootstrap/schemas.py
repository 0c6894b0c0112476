"""The actions that CloudFormation calls for a type, from the schemas of its registry.

Runs in the environment of cfn-lint, which contains the schemas:
``.scan-venv/bin/python -m bootstrap.schemas AWS::SQS::Queue`` prints JSON.
"""

import importlib
import json
import sys
from collections.abc import Mapping, Sequence

from naming import PRIMARY

# A deployment never calls the list handler, which serves inventories.
CALLED = ("create", "read", "update", "delete")


def called(types: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Return the actions of each type."""
    schemas = importlib.import_module("cfnlint.schema.manager").PROVIDER_SCHEMA_MANAGER
    found = {}
    for type_ in types:
        handlers = schemas.get_resource_schema(PRIMARY, type_).schema.get("handlers", {})
        lists = [handlers.get(each, {}).get("permissions", []) for each in CALLED]
        found[type_] = sorted({action for actions in lists for action in actions})
    return found


if __name__ == "__main__":
    print(json.dumps(called(sys.argv[1:])))
