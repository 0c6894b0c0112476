"""How much of a limit a template uses: one function for each way to count.

A reference counts as the longest ARN that CloudFormation could put in its place.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import naming
from policies.templates.template import Resource, StackTemplate, as_list
from review.render import LONGEST_MAIL
from stages.pipeline.builds import SUMMARY

REFERENCE = "x" * 140  # a role's ARN: its longest name, account and prefix included
PSEUDO = {
    "AWS::AccountId": "1" * 12,
    "AWS::Partition": "aws",
    "AWS::Region": naming.PRIMARY,
    "AWS::URLSuffix": "amazonaws.com",
}


def resolved(node: object) -> Any:  # noqa: ANN401, PLR0911  # JSON, a case each
    """Return a template's value with its references replaced by a text of their length."""
    match node:
        case {"Fn::Join": [str(separator), list(parts)]}:
            return separator.join(str(resolved(part)) for part in parts)
        case {"Ref": str(name)}:
            return PSEUDO.get(name, REFERENCE)
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([^}]+)\}", lambda found: PSEUDO.get(found[1], REFERENCE), text)
        case dict() if any(key == "Ref" or key.startswith("Fn::") for key in node):
            return REFERENCE
        case dict():
            return {key: resolved(value) for key, value in node.items()}
        case list():
            return [resolved(value) for value in node]
    return node


def values(node: object, path: str) -> Iterator[Any]:
    """Yield what is at ``path`` below ``node``, once for each entry of a list on the way."""
    key, _, rest = path.partition(".")
    if key == "*":
        found = as_list(node)
    else:
        found = [node[key]] if isinstance(node, Mapping) and key in node else []
    for each in found:
        if rest:
            yield from values(each, rest)
        else:
            yield resolved(each)


def characters(value: object) -> int:
    return len(str(value))


def entries(value: object) -> int:
    return len(as_list(value))


def json_characters(value: object) -> int:
    return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False))


def policy_bytes(value: object) -> int:
    return len(json.dumps(value, separators=(",", ":")).encode())


def longest_value(value: Mapping[str, object]) -> int:
    return max(len(str(each)) for each in value.values())


def with_the_summary(question: str) -> int:
    """Count what an approver is asked, once the build's variable is in its place."""
    variable = re.compile(rf"#\{{[^}}]+\.{SUMMARY}\}}")
    return len(variable.sub("x" * LONGEST_MAIL, question))


def variables_bytes(value: Mapping[str, str]) -> int:
    return len(json.dumps(value, separators=(",", ":")).encode())


def widgets(value: str) -> int:
    return len(_metrics(value))


def widget_metrics(value: str) -> int:
    return sum(_metrics(value))


def most_metrics_of_a_widget(value: str) -> int:
    return max(_metrics(value))


def _metrics(dashboard: str) -> list[int]:
    """Return how many metrics each widget of a dashboard shows."""
    described = json.loads(dashboard.replace(f'"{REFERENCE}"', '"x"'))["widgets"]
    return [len(each["properties"].get("metrics", [])) for each in described]


OF_VALUES: Mapping[str, Callable[[Any], int]] = {
    "characters": characters,
    "entries": entries,
    "json_characters": json_characters,
    "longest_value": longest_value,
    "most_metrics_of_a_widget": most_metrics_of_a_widget,
    "policy_bytes": policy_bytes,
    "policy_characters": json_characters,  # IAM counts all but white space
    "variables_bytes": variables_bytes,
    "widget_metrics": widget_metrics,
    "widgets": widgets,
    "with_the_summary": with_the_summary,
}


def inline_policies(role: Resource) -> int:
    """Count the characters of all policies that belong to the role alone."""
    own = {"Ref": role.logical_id}
    return sum(
        json_characters(resolved(policy.properties["PolicyDocument"]))
        for policy in role.stack.resources("AWS::IAM::Policy")
        if own in policy.properties["Roles"]
    )


def resource_policy_bytes(function: Resource) -> int:
    """Count the bytes of the statements that permissions add to the function's policy."""
    own = [{"Ref": function.logical_id}, {"Fn::GetAtt": [function.logical_id, "Arn"]}]
    return sum(
        # Lambda adds an Id, an Effect, and the names of conditions.
        policy_bytes(resolved(permission.properties)) + 200
        for permission in function.stack.resources("AWS::Lambda::Permission")
        if permission.properties["FunctionName"] in own
    )


OF_RESOURCES: Mapping[str, Callable[[Resource], int]] = {
    "inline_policies": inline_policies,
    "resource_policy_bytes": resource_policy_bytes,
}


def rules_of_a_bus(stack: StackTemplate) -> int:
    buses = [
        json.dumps(rule.properties.get("EventBusName", "default"))
        for rule in stack.resources("AWS::Events::Rule")
    ]
    return max(map(buses.count, buses), default=0)


OF_TEMPLATES: Mapping[str, Callable[[StackTemplate], int]] = {
    "description_bytes": lambda stack: len(stack.template.get("Description", "").encode()),
    "longest_logical_id": lambda stack: max(map(len, stack.template["Resources"])),
    "longest_output_name": lambda stack: max(map(len, stack.outputs()), default=0),
    "outputs": lambda stack: len(stack.outputs()),
    "parameters": lambda stack: len(stack.template.get("Parameters", {})),
    "resources": lambda stack: len(stack.template["Resources"]),
    "rules_of_a_bus": rules_of_a_bus,
    "stack_name": lambda stack: len(stack.name),
    # As CDK writes it: with indentation.
    "template_bytes": lambda stack: len(json.dumps(stack.template, indent=1).encode()),
}


def folder_bytes(folder: Path) -> int:
    """Return the size of all files below ``folder``."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
