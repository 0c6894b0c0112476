"""The words of an ``aws`` command, run by boto3: fast, and strict about options and their values.

``python -m tests.e2e.aws_words`` stands in for ``aws`` in a shell's loop, with the environment's
endpoint and credentials.
"""

import json
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jmespath  # type: ignore[import-untyped]  # boto3 brings it, without types
from botocore import xform_name

Clients = Callable[[str, str], Any]  # of a service in a region


def run(command: str, clients: Clients) -> object:
    """Run one command; return what it prints, before ``--output``."""
    program, *words = shlex.split(command)
    assert program == "aws"
    return call(words, clients)


def call(words: Sequence[str], clients: Clients) -> object:
    service, operation, *rest = words
    waits = operation == "wait"
    if waits:
        operation, *rest = rest
    options = _options(rest)
    [region] = options.pop("region")
    client = clients({"s3api": "s3"}.get(service, service), region)
    query = options.pop("query", [""])[0]
    options.pop("output", None)
    options.pop("no-paginate", None)
    method = operation.replace("-", "_")
    if waits:
        waiter = client.get_waiter(method)
        called = waiter.config.operation
        waiter.wait(**_arguments(client, called, options), WaiterConfig={"Delay": 1})
        return None
    answer = getattr(client, method)(
        **_arguments(client, client.meta.method_to_api_mapping[method], options)
    )
    return jmespath.search(query, answer) if query else answer


def _options(words: Sequence[str]) -> dict[str, list[str]]:
    options: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            values = options[word[2:]] = []
        else:
            values.append(word)
    return options


def _arguments(client: Any, operation: str, options: dict[str, list[str]]) -> dict[str, Any]:  # noqa: ANN401  # boto3 has no types
    members = client.meta.service_model.operation_model(operation).input_shape.members
    named = {xform_name(member, "-"): member for member in members}
    arguments: dict[str, Any] = {}
    for option, values in options.items():
        if option not in named and option.startswith("no-") and not values:
            arguments[named[option[3:]]] = False
        else:
            arguments[named[option]] = _value(members[named[option]], values)
    return arguments


def _value(shape: Any, values: list[str]) -> object:  # noqa: ANN401  # botocore has no types
    match shape.type_name:
        case "boolean":
            assert not values
            return True
        case "list":
            return [_value(shape.member, [each]) for each in values]
        case "integer" | "long":
            return int(*values)
        case "structure":
            [text] = values
            if text.startswith("file://"):
                return json.loads(Path(text[7:]).read_text())
            return _shorthand(text)
    [text] = values
    return text


def _shorthand(text: str) -> dict[str, Any]:
    """Return what ``Name=x`` stands for, or ``Delete={RegionName=x}``."""
    name, value = text.split("=", 1)
    return {name: _shorthand(value[1:-1]) if value.startswith("{") else value}


if __name__ == "__main__":
    from ops.connection import open_session

    found = call(sys.argv[1:], lambda service, region: open_session(region).client(service))
    print(found if isinstance(found, str | None) else json.dumps(found, default=str))  # noqa: T201  # as aws does
