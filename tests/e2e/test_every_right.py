"""Every action of every role and policy of the app: allowed with it, on each of its resources, and
denied without it.

The proof is made with a copy of the role: the same policies and boundary, and a trust policy that
admits the test, since Lambda's roles admit Lambda only. The pipeline's roles, whose policies CDK
Pipelines writes, and producers' policies are proved without the boundary. Where the emulator
authorizes the call, it is made. Elsewhere, or where the call would do something, IAM's own
simulation is asked, or the document is read: static proofs. ``build/least-privilege.md`` has the
table, which also says what needs each action; ``test_least_privilege.py``, ``test_verification.py``
and ``test_people.py`` prove that for all that the emulator looks at.
"""

import json
import tomllib
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

import naming
from local.cloud import Cloud
from local.paths import REPOSITORY
from naming import PRIMARY
from tests.e2e import rights
from tests.e2e.calls import CALLS
from tests.e2e.identities import Identity, assumed, role
from tests.e2e.rights import Right, Statement, listed

TABLE = REPOSITORY / "build" / "least-privilege.md"
BY_CALL, BY_SIMULATION, BY_DOCUMENT = "call", "simulation (static)", "document (static)"
# What IAM's simulation here does not know of a resource.
UNKNOWN_KEYS = ("iam:ResourceTag/", "kms:ResourceAliases")
# Of a role whose only action is taken away: a policy needs a statement.
NOTHING = {"Effect": "Deny", "Action": "sts:GetCallerIdentity", "Resource": "*"}
EMPTY = {"Version": "2012-10-17", "Statement": [NOTHING]}
DENIALS = ("AccessDenied", "AccessDeniedException")
RIGHTS = [*rights.declared()]


class Copy:
    """A role that has the statements of another one."""

    def __init__(self, cloud: Cloud, arn: str) -> None:
        self.arn, self._name = arn, arn.rpartition("/")[2]
        self.identity = assumed(cloud, arn)
        self.iam = cloud.client("iam", PRIMARY)
        self.statements: list[Statement] = []

    def become(self, statements: list[Statement]) -> None:
        self.statements = [each for each in statements if each["Action"]] or [NOTHING]
        document = json.dumps({"Version": "2012-10-17", "Statement": self.statements})
        self.iam.put_role_policy(RoleName=self._name, PolicyName="own", PolicyDocument=document)


@pytest.fixture(scope="module")
def bound(cloud: Cloud) -> Iterator[Copy]:
    """A copy with the boundary that all roles have."""
    with role(cloud, EMPTY, name="e2e-bound", boundary=naming.BOUNDARY) as arn:
        yield Copy(cloud, arn)


@pytest.fixture(scope="module")
def unbound(cloud: Cloud) -> Iterator[Copy]:
    """A copy without it, for policies that name more than the boundary allows."""
    with role(cloud, EMPTY, name="e2e-unbound") as arn:
        yield Copy(cloud, arn)


@pytest.fixture(scope="module")
def statements_of(cloud: Cloud, assembly: Path) -> Callable[[str, str], list[Statement]]:
    """Reads the statements of the role or policy at a region's place, once."""
    return cache(partial(rights.statements, cloud, assembly))


@pytest.fixture(scope="module")
def proofs() -> Iterator[list[tuple[str, ...]]]:
    """What was proved; written down when all is over."""
    rows: list[tuple[str, ...]] = []
    yield rows
    head = ("role or policy", "action", "resource", "allowed, and denied without: by", "needed by")
    lines = [head, ("---",) * len(head), *sorted(rows)]
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text("".join(f"| {' | '.join(line)} |\n" for line in lines))


def test_every_role_of_the_app_is_proved() -> None:
    places = {*tomllib.loads(rights.DECLARED.read_text()), rights.PRODUCER}

    assert {right.place for right in RIGHTS} == places
    assert {place for place in places if place.startswith("tap/")} == rights.NEEDED.keys()


@pytest.mark.parametrize("right", RIGHTS, ids="-".join)
def test_an_action_is_allowed_on_its_resources_and_denied_without_it(
    statements_of: Callable[[str, str], list[Statement]],
    bound: Copy,
    unbound: Copy,
    proofs: list[tuple[str, ...]],
    right: Right,
) -> None:
    statements = statements_of(right.region, right.place)
    copy = bound if right.place in rights.ROLES else unbound
    having = [each for each in statements if _allows(each, right.action)]
    assert having

    for statements_now, wanted in (
        (statements, True),
        ([_without(each, right.action) for each in statements], False),
    ):
        copy.become(statements_now)
        for statement in having:
            context = [statement, *(each for each in statements if _denies(each, right.action))]
            for resource in listed(statement["Resource"]):
                found, how = _is_allowed(copy, right, resource, context)
                assert found == wanted, (right.action, resource, how)
                if wanted:
                    row = right.holder, right.action, resource
                    proofs.append((*row, how, right.needed_by))


def _allows(statement: Statement, action: str) -> bool:
    return statement["Effect"] == "Allow" and action in listed(statement["Action"])


def _denies(statement: Statement, action: str) -> bool:
    is_about = any(fnmatchcase(action, each) for each in listed(statement["Action"]))
    return statement["Effect"] == "Deny" and is_about


def _is_unknown(statement: Statement) -> bool:
    conditions = statement.get("Condition", {}).values()
    return any(key.startswith(UNKNOWN_KEYS) for condition in conditions for key in condition)


def _without(statement: Statement, action: str) -> Statement:
    return {**statement, "Action": [each for each in listed(statement["Action"]) if each != action]}


def _is_allowed(
    copy: Copy, right: Right, resource: str, context: list[Statement]
) -> tuple[bool, str]:
    action, is_deployed = right.action, right.place in rights.ROLES
    if (call := CALLS.get(action)) and is_deployed:
        return _is_let_through(call, copy.identity, resource), BY_CALL
    if any(map(_is_unknown, context)):
        return any(_allows(each, action) for each in copy.statements), BY_DOCUMENT
    answer = copy.iam.simulate_principal_policy(
        PolicySourceArn=copy.arn,
        ActionNames=[action.replace("*", "")],
        ResourceArns=[resource.replace("*", "probe")] if resource != "*" else ["*"],
        ContextEntries=[entry for each in context for entry in _entries(each)],
    )
    return answer["EvaluationResults"][0]["EvalDecision"] == "allowed", BY_SIMULATION


def _is_let_through(
    call: Callable[[Identity, str], object], identity: Identity, resource: str
) -> bool:
    """Return whether a call was authorized, whatever became of it then."""
    try:
        call(identity, resource)
    except ClientError as error:
        return error.response["Error"]["Code"] not in DENIALS
    return True


def _entries(statement: Statement) -> Iterator[dict[str, Any]]:
    """Yield values that the conditions of an allowance admit, and those of a denial do not."""
    for condition in statement.get("Condition", {}).values():
        for key, values in condition.items():
            yield {
                "ContextKeyName": key,
                "ContextKeyValues": [str(listed(values)[0]).replace("*", "x").replace("?", "0")],
                "ContextKeyType": "string",
            }
