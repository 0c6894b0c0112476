"""``python -m policies bootstrap``: the policies to bootstrap an account with, as a template."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from policies import assembly
from policies.bootstrap import boundary, documents, types
from policies.template import StackTemplate, accounts

STACK = "serverless-bootstrap-prod"
TEMPLATE = "bootstrap.template.json"


def add_to(verbs: "argparse._SubParsersAction[Any]") -> None:
    verb = verbs.add_parser("bootstrap", help="write the policies that an account is prepared with")
    verb.add_argument("--assembly", type=Path, default=Path("cdk.out"))
    verb.add_argument("--out", type=Path, default=Path("build/bootstrap"))
    verb.add_argument("--json", action="store_true", help="print the template as JSON")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 when written, 2 when the app has a type that the policies don't cover."""
    try:
        made = template(assembly.read(options.assembly).stacks)
    except (assembly.AssemblyError, types.UncoveredError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / TEMPLATE).write_text(json.dumps(made, indent=2) + "\n")
    print(json.dumps(made, indent=2) if options.json else _told(made, options.out))
    return 0


def template(stacks: Sequence[StackTemplate]) -> Mapping[str, Any]:
    """One stack of managed policies; IAM is global, so one region has it for both."""
    used = {resource.type for stack in stacks for resource in stack.resources()}
    rights = types.needed(used, types.load(), across_accounts=accounts(stacks) > 1)
    execution = documents.execution(rights, account="${AWS::AccountId}")
    names = [f"serverless-deployment-{number}-prod" for number, _ in enumerate(execution, 1)]
    policies = {
        f"Execution{number}": _policy(name, document)
        for number, (name, document) in enumerate(zip(names, execution, strict=True), 1)
    }
    arns = [f"arn:aws:iam::${{AWS::AccountId}}:policy/{name}" for name in names]
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "What CloudFormation may do for the file ingestion, and its roles' boundary",
        "Resources": {
            "Boundary": _policy(documents.BOUNDARY, boundary.document(stacks, "${AWS::AccountId}")),
            **policies,
        },
        "Outputs": {"ExecutionPolicies": {"Value": {"Fn::Sub": ",".join(arns)}}},
    }


def _policy(name: str, document: documents.Document) -> Mapping[str, Any]:
    return {
        "Type": "AWS::IAM::ManagedPolicy",
        "DeletionPolicy": "Retain",
        "Properties": {"ManagedPolicyName": name, "PolicyDocument": _substituted(document)},
    }


def _substituted(value: Any) -> Any:
    match value:
        case str():
            return {"Fn::Sub": value} if "${" in value else value
        case dict():
            return {key: _substituted(part) for key, part in value.items()}
        case list():
            return [_substituted(part) for part in value]
    return value


def _told(made: Mapping[str, Any], out: Path) -> str:
    lines = [f"{out / TEMPLATE}: {len(made['Resources'])} policies, stack {STACK}"]
    for resource in made["Resources"].values():
        document = resource["Properties"]["PolicyDocument"]
        name = resource["Properties"]["ManagedPolicyName"]
        lines.append(f"  {name}: {len(document['Statement'])} statements")
    return "\n".join(lines)
