"""No stack depends on another stack: a region can be deployed while the other one is down."""

import json
from collections.abc import Iterator, Sequence

from policies.finding import Finding, at, at_stack
from policies.templates.template import StackTemplate

REMEDY = "pass the name, which is known before the deployment, instead of a reference"
IMPORTS = ('"Fn::ImportValue"', '"Fn::GetStackOutput"', "{{resolve:ssm:/cdk/exports")
CARRIERS = ("Custom::CrossRegionExportReader", "Custom::CrossRegionExportWriter")


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        for name, output in stack.outputs().items():
            if "Export" in output:
                message = f"the output {name} is exported: {json.dumps(output['Export'])}"
                yield at_stack(stack, message, logical_id=name)
        for resource in stack.resources():
            written = json.dumps(resource.body)
            imported = [sign for sign in IMPORTS if sign in written]
            if imported or resource.type in CARRIERS:
                yield at(resource, f"depends on another stack: {imported or resource.type}")
