"""``python -m bootstrap``: a template of the policies to bootstrap an account with."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

import naming
from bootstrap import boundary, execution_policies
from policies.command_line import ASSEMBLY
from policies.templates import assembly
from policies.templates.template import StackTemplate, accounts, resources

TEMPLATE = "bootstrap.template.json"


@click.command()
@ASSEMBLY
@click.option("--out", type=click.Path(path_type=Path), default="build/bootstrap")
def main(*, folder: Path, out: Path) -> None:
    """Write the policies that an account is bootstrapped with."""
    made = template(assembly.read(folder).stacks)
    out.mkdir(parents=True, exist_ok=True)
    # As it is sent: "aws cloudformation deploy" has no bucket.
    (out / TEMPLATE).write_text(json.dumps(made, indent=2) + "\n")
    policies = f"{len(made['Resources'])} policies, stack {naming.BOOTSTRAP_STACK}"
    click.echo(f"{out / TEMPLATE}: {policies}")


def template(stacks: Sequence[StackTemplate]) -> Mapping[str, Any]:
    """Return a template of managed policies; IAM is global, so one stack serves both regions."""
    used = {each.type for each in resources(stacks)}
    rights = execution_policies.needed(used, across_accounts=accounts(stacks) > 1)
    execution = execution_policies.execution(rights, account="${AWS::AccountId}")
    named = {naming.deployment_policy(number): each for number, each in enumerate(execution, 1)}
    arns = [f"arn:aws:iam::${{AWS::AccountId}}:policy/{name}" for name in named]
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "CloudFormation's permissions and the roles' boundary, file ingestion",
        "Resources": {
            "Boundary": _policy(naming.BOUNDARY, boundary.document(stacks, "${AWS::AccountId}")),
            **{f"Execution{n}": _policy(*each) for n, each in enumerate(named.items(), 1)},
        },
        "Outputs": {"ExecutionPolicies": {"Value": {"Fn::Sub": ",".join(arns)}}},
    }


def _policy(name: str, document: execution_policies.Document) -> Mapping[str, Any]:
    return {
        "Type": "AWS::IAM::ManagedPolicy",
        "DeletionPolicy": "RetainExceptOnCreate",
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


if __name__ == "__main__":
    main(prog_name="python -m bootstrap")
