"""What the registry's schemas say that CloudFormation calls for a type, to hold rights against.

Runs where cfn-lint is, which carries them:
``.scan-venv/bin/python -m policies.bootstrap.schemas AWS::SQS::Queue`` prints JSON.
"""

import importlib
import json
import sys
from collections.abc import Mapping, Sequence

# The list handler serves inventories; a deployment never calls it.
CALLED = ("create", "read", "update", "delete")


def called(types: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """The actions of each type that has a schema."""
    schemas = importlib.import_module("cfnlint.schema.manager").PROVIDER_SCHEMA_MANAGER
    found = {}
    for type_ in types:
        handlers = schemas.get_resource_schema("us-east-1", type_).schema.get("handlers", {})
        lists = [handlers.get(each, {}).get("permissions", []) for each in CALLED]
        found[type_] = sorted({action for actions in lists for action in actions})
    return found


if __name__ == "__main__":
    print(json.dumps(called(sys.argv[1:])))
