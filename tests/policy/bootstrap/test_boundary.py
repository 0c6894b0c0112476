"""The boundary: every role of the app carries it, and none gets beyond the project by it."""

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from bootstrap import boundary, execution_policies
from local.emulator_rights.arns import Resource as Arns
from local.emulator_rights.arns import given_name
from naming import ALERTS_KEY_ALIAS, TABLE
from policies.rules import declared_actions
from policies.templates import assembly
from policies.templates.statements import IDENTITIES, IDENTITY_POLICIES, ROLE, Statement, of
from policies.templates.template import StackTemplate, resources
from tests import deployer
from tests.policy.templates import allow, policy, resource, stack

ACCOUNT = "111122223333"
# Of connections that were made under the service's old name; none of the tests' own was.
OLD_CONNECTIONS = "arn:aws:codestar-connections:*:{account}:connection/*"


@pytest.fixture(scope="module")
def stacks(green: Path) -> Sequence[StackTemplate]:
    return assembly.read(green).stacks


def test_the_boundary_is_all_that_the_roles_do_and_every_role_is_bound(
    stacks: Sequence[StackTemplate],
) -> None:
    *allowed, denied = boundary.document(stacks, ACCOUNT)["Statement"]
    roles = [role for each in stacks for role in each.resources(ROLE)]
    actions = {action for statement in allowed for action in statement["Action"]}

    assert {
        action for role in roles for action in declared_actions.actions(role, stacks)
    } == actions
    assert all("serverless-boundary-prod" in str(role.properties) for role in roles)
    assert not [action for action in actions if action.startswith("iam:")]
    assert all(re.fullmatch(r"[a-z0-9-]+:\w+\*?", action) for action in actions)
    assert denied["Effect"] == "Deny"


def test_the_boundary_holds_a_role_to_what_is_the_projects() -> None:
    taking = allow("s3:GetObject", "arn:aws:s3:::payroll/*")
    becoming = allow("sts:AssumeRole", "arn:aws:iam::111122223333:role/admin")
    app = stack({"Role": resource(ROLE), "P": policy(taking, becoming)})

    document = boundary.document([app], ACCOUNT)

    assert not permits(document, "s3:GetObject", "arn:aws:s3:::payroll/salaries.csv")
    assert not permits(document, "sts:AssumeRole", "arn:aws:iam::111122223333:role/admin")
    assert permits(document, "s3:GetObject", "arn:aws:s3:::serverless-data-ingestion-prod/a.csv")


def test_the_boundary_lets_every_role_do_what_its_policies_say(
    stacks: Sequence[StackTemplate],
) -> None:
    # CDK grants these on "*" or on any role; the boundary narrows them.
    narrowed = {"*", f"arn:*:iam::{deployer.ACCOUNT}:role/*"}

    found = refused(stacks, boundary.document(stacks, deployer.ACCOUNT))

    assert {(action, resource) for action, resource in found if resource not in narrowed} == set()


@pytest.mark.parametrize(("part", "spare"), [("within", [OLD_CONNECTIONS]), ("anywhere", [])])
def test_without_any_one_line_the_boundary_refuses_something_to_a_role(
    stacks: Sequence[StackTemplate], monkeypatch: pytest.MonkeyPatch, part: str, spare: list[str]
) -> None:
    lines = boundary.NAMED[part]
    always = refused(stacks, boundary.document(stacks, deployer.ACCOUNT))

    def is_needed(line: str) -> bool:
        monkeypatch.setitem(boundary.NAMED, part, [each for each in lines if each != line])
        return refused(stacks, boundary.document(stacks, deployer.ACCOUNT)) > always

    assert [line for line in lines if not is_needed(line)] == spare


def test_a_connection_of_either_prefix_can_be_used(stacks: Sequence[StackTemplate]) -> None:
    """Old ones keep the prefix of CodeStar."""
    document = boundary.document(stacks, ACCOUNT)

    for service in ("codeconnections", "codestar-connections"):
        arn = f"arn:aws:{service}:us-east-1:{ACCOUNT}:connection/1"
        assert permits(document, "codeconnections:UseConnection", arn)


def test_the_boundary_denies_keys_but_for_the_projects_and_those_of_aws(
    stacks: Sequence[StackTemplate],
) -> None:
    """DynamoDB uses its own key on behalf of whoever calls it."""
    *_, denied = boundary.document(stacks, ACCOUNT)["Statement"]
    let_be = denied["Condition"]["ForAnyValue:StringNotLike"]["kms:ResourceAliases"]

    def is_denied(alias: str) -> bool:
        return not any(fnmatchcase(alias, pattern) for pattern in let_be)

    assert denied["Action"] == ["kms:*"]
    assert not is_denied(ALERTS_KEY_ALIAS)
    assert not is_denied("alias/aws/dynamodb")
    assert is_denied("alias/payroll")


def test_the_boundary_grows_with_what_a_role_does() -> None:
    role = {"Role": resource(ROLE), "P": policy(allow("sqs:SendMessage", "arn"))}

    document = boundary.document([stack(role)], ACCOUNT)

    assert document["Statement"][0]["Action"] == ["sqs:SendMessage"]


def permits(document: execution_policies.Document, action: str, resource: str) -> bool:
    return any(
        statement["Effect"] == "Allow"
        and any(fnmatchcase(action, pattern) for pattern in statement["Action"])
        and any(fnmatchcase(resource, pattern) for pattern in statement["Resource"])
        for statement in document["Statement"]
    )


def refused(
    stacks: Sequence[StackTemplate], document: execution_policies.Document
) -> set[tuple[str, str]]:
    """Return what a role's own policy allows it and the boundary does not."""
    return {
        (action, resource)
        for statement in of(*resources(stacks, *IDENTITIES, *IDENTITY_POLICIES))
        if statement.allows
        for action in statement.actions
        for resource in _deployed(statement)
        if not permits(document, action, resource)
    }


def _deployed(statement: Statement) -> Iterator[str]:
    """Yield the resources of a statement as deployed, with the names that CloudFormation gives."""
    stack = statement.owner.stack

    def value(found: re.Match[str]) -> str:
        logical_id, _, attribute = found[1].partition(".")
        if logical_id == "AWS::Partition":
            return "aws"
        made = stack.by_id()[logical_id]
        name = given_name(made.type, f"{stack.name}-{logical_id}-1A2B", stack.name)
        if attribute.endswith("StreamArn"):
            return f"arn:aws:dynamodb:{stack.region}:{stack.account}:table/{TABLE}/stream/1"
        if found.start():  # part of an ARN
            return name
        whole = {"name": name, "region": stack.region, "account": stack.account}
        return next(Arns(type=made.type, properties=made.properties, **whole).arns())

    for arn in statement.resources:
        yield re.sub(r"<([^>]+)>", value, arn.replace("${AWS::Partition}", "aws"))
