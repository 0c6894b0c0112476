"""No function or build has a secret in its environment, where every reader can see it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.finding import Finding, at
from policies.templates.template import StackTemplate, as_list, as_text

REMEDY = "keep it in Secrets Manager, from where a function reads it and a build names it by type"
SECRET = re.compile("SECRET|TOKEN|PASSW|CREDENTIAL|(API|ACCESS|PRIVATE)_?KEY", re.IGNORECASE)
# The ARN or the name of a secret is not secret.
WHERE = re.compile("_?(ARN|NAME)$", re.IGNORECASE)
# Also dynamic references, which CloudFormation replaces with the readable secret.
GIVEN_AWAY = re.compile(
    r"(?<![A-Z0-9])(AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])|\{\{resolve:(secretsmanager|ssm-secure):"
)
PLAIN = (None, "PLAINTEXT")


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        for resource in stack.resources(*VARIABLES):
            for name, value in VARIABLES[resource.type](resource.properties):
                # The value itself stays out of the message, which goes into logs and reports.
                if SECRET.search(name) and not WHERE.search(name):
                    yield at(resource, f"{name} is a secret by its name", exact=name)
                elif GIVEN_AWAY.search(value):
                    yield at(resource, f"{name} is a secret by its value", exact=name)


def _of_function(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    variables = properties.get("Environment", {}).get("Variables", {})
    yield from ((name, as_text(value)) for name, value in variables.items())


def _of_build(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for each in as_list(properties.get("Environment", {}).get("EnvironmentVariables")):
        if each.get("Type") in PLAIN:
            yield each["Name"], as_text(each.get("Value"))


def _of_actions(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the variables that a pipeline's action adds to its build, as JSON in one string."""
    for stage in as_list(properties.get("Stages")):
        for action in stage["Actions"]:
            written = action.get("Configuration", {}).get("EnvironmentVariables", "[]")
            for each in json.loads(as_text(written)):
                if each.get("type") in PLAIN:
                    yield each["name"], as_text(each.get("value"))


VARIABLES = {
    "AWS::Lambda::Function": _of_function,
    "AWS::CodeBuild::Project": _of_build,
    "AWS::CodePipeline::Pipeline": _of_actions,
}
