"""The deployed pipeline, read from its stack because the emulator has no CodePipeline."""

import json
from collections.abc import Mapping
from typing import Any

from local.aws_isolation import ACCOUNT
from local.clients import Clients
from local.rehearsal import pipeline_definition
from local.rehearsal.errors import RehearsalError
from local.rehearsal.intrinsics import Intrinsics
from local.rehearsal.pipeline_definition import Pipeline
from local.rehearsal.strict_documents import Document
from naming import REGIONS

# How to look up an attribute, by resource type: service, call, argument, path in the answer.
ATTRIBUTES: Mapping[tuple[str, str], tuple[str, str, str, tuple[str, str]]] = {
    ("AWS::IAM::Role", "Arn"): ("iam", "get_role", "RoleName", ("Role", "Arn")),
}


def find(clients: Clients) -> Pipeline:
    """Return the one deployed pipeline; raise ``RehearsalError`` if there is none, or several."""
    found = [
        _parse(clients, region, stack["StackName"], properties)
        for region in REGIONS
        for stack in clients.stacks(region)
        for properties in _in_template(_template(clients, region, stack["StackName"]))
    ]
    if len(found) != 1:
        raise RehearsalError(f"{len(found)} pipelines are deployed, not one")
    return found[0]


def _in_template(template: Document) -> list[Document]:
    resources = template.get("Resources", {}).values()
    return [each["Properties"] for each in resources if each["Type"] == pipeline_definition.TYPE]


def _template(clients: Clients, region: str, stack_name: str) -> Document:
    answer = clients.client("cloudformation", region).get_template(StackName=stack_name)
    body: Document | str = answer["TemplateBody"]
    # Only the bootstrap's stack is written in YAML.
    if isinstance(body, str):
        return json.loads(body) if body.lstrip().startswith("{") else {}
    return body


def _parse(clients: Clients, region: str, stack_name: str, properties: Document) -> Pipeline:
    cloudformation = clients.client("cloudformation", region)
    answer = cloudformation.describe_stack_resources(StackName=stack_name)
    resources = {each["LogicalResourceId"]: each for each in answer["StackResources"]}

    def attribute(logical_id: str, name: str) -> str:
        return _attribute(clients, region, resources[logical_id], name)

    ids = {name: each["PhysicalResourceId"] for name, each in resources.items()}
    pseudo = {
        "AWS::Partition": "aws",
        "AWS::Region": region,
        "AWS::AccountId": ACCOUNT,
        "AWS::StackName": stack_name,
        "AWS::URLSuffix": "amazonaws.com",
    }
    resolved = Intrinsics(references=ids | pseudo, attribute=attribute).resolve(properties)
    return pipeline_definition.parse(resolved, region)


def _attribute(clients: Clients, region: str, resource: Mapping[str, Any], name: str) -> str:
    type_ = resource["ResourceType"]
    if (type_, name) not in ATTRIBUTES:
        raise RehearsalError(f"can't resolve attribute {name} of {type_}")
    service, call, argument, (outer, inner) = ATTRIBUTES[type_, name]
    answer = getattr(clients.client(service, region), call)(
        **{argument: resource["PhysicalResourceId"]}
    )
    return str(answer[outer][inner])
