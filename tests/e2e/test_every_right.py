"""Every action of every role of the stacks: allowed with it, on each of its resources, and denied
without it.

The proof is made with a copy of the role: the same policies and boundary, and a trust policy that
admits the test, since Lambda's roles admit Lambda only. Where the emulator authorizes the call, it
is made. Elsewhere, or where the call would do something, IAM's own simulation is asked, or the
document is read: static proofs. ``build/least-privilege.md`` has the table.

That something needs each action is for others to prove: ``test_least_privilege.py`` for functions,
``test_verification.py`` for the pipeline, ``test_people.py`` for the commands of ``ops``.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import pytest
from botocore.exceptions import ClientError

import naming
from local.cloud import Cloud
from local.paths import REPOSITORY
from naming import PRIMARY, REGIONS, STANDBY
from tests.e2e.calls import CALLS
from tests.e2e.identities import Identity, assumed, role

DECLARED = REPOSITORY / "policies" / "declared" / "role_actions.toml"
TABLE = REPOSITORY / "build" / "least-privilege.md"
# The roles of both regions' stacks, by their places there; the other roles are the pipeline's.
ROLES: Mapping[str, Callable[[str], str]] = {
    "tap/Canary/ScheduleRole": naming.canary_schedule_role,
    "tap/Canary/Service/Role": naming.canary_role,
    "tap/LargeFiles/Role": naming.large_files_role,
    "tap/LargeFiles/Starter": lambda region: naming.large_files_role(region, "-starter"),
    "tap/People/Operator": naming.operator_role,
    "tap/People/Reader": naming.reader_role,
    "tap/Processor/Service/Role": naming.processor_role,
    "tap/Processor/Worker/Role": naming.large_file_worker_role,
    "tap/StreamConsumer/Service/Role": naming.stream_consumer_role,
    "tap/Table/LookupRole": naming.stream_lookup_role,
    "tap/Verification/Role": naming.verification_role,
}
BY_CALL, BY_SIMULATION, BY_DOCUMENT = "call", "simulation", "document"
# The emulator neither authorizes these calls nor simulates their condition on a mapping's function.
UNKNOWN_CONDITIONS = {"lambda:GetEventSourceMapping", "lambda:UpdateEventSourceMapping"}
# Of a role whose only action is taken away: a policy needs a statement.
NOTHING = {"Effect": "Deny", "Action": "sts:GetCallerIdentity", "Resource": "*"}
DENIALS = ("AccessDenied", "AccessDeniedException")

Statement: TypeAlias = Mapping[str, Any]


class Right(NamedTuple):
    region: str
    place: str
    action: str


def declared() -> Iterator[Right]:
    for place, row in tomllib.loads(DECLARED.read_text()).items():
        if not place.startswith("tap/"):
            continue
        for region in (STANDBY,) if place == "tap/Table/LookupRole" else REGIONS:
            more = row.get("in_standby", ()) if region == STANDBY else ()
            yield from (Right(region, place, action) for action in (*row["actions"], *more))


RIGHTS = list(declared())


@pytest.fixture(scope="module")
def proofs() -> Iterator[list[tuple[str, ...]]]:
    """What was proved; written down when all is over."""
    rows: list[tuple[str, ...]] = []
    yield rows
    head = ("role", "action", "resource", "proved by")
    lines = [head, ("---",) * len(head), *sorted(rows)]
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text("".join(f"| {' | '.join(line)} |\n" for line in lines))


def test_every_role_of_the_stacks_is_proved() -> None:
    places = {place for place in tomllib.loads(DECLARED.read_text()) if place.startswith("tap/")}

    assert places == set(ROLES)


@pytest.mark.parametrize("right", RIGHTS, ids="-".join)
def test_an_action_is_allowed_on_its_resources_and_denied_without_it(
    cloud: Cloud, proofs: list[tuple[str, ...]], right: Right
) -> None:
    name = ROLES[right.place](right.region)
    statements = _statements(cloud, name)
    having = [each for each in statements if right.action in _listed(each["Action"])]
    without = [
        {**each, "Action": [a for a in _listed(each["Action"]) if a != right.action]}
        for each in statements
    ]
    assert having

    for statements_now, wanted in ((statements, True), (without, False)):
        document = {
            "Version": "2012-10-17",
            "Statement": [each for each in statements_now if each["Action"]] or [NOTHING],
        }
        with role(cloud, document, name="e2e-copy", boundary=naming.BOUNDARY) as arn:
            for statement in having:
                for resource in _listed(statement["Resource"]):
                    found, how = _is_allowed(cloud, arn, right.action, resource, statement)
                    assert found == wanted, (right.action, resource, how)
                    if wanted:
                        proofs.append((name, right.action, resource, _proof(how, right)))


def _is_allowed(
    cloud: Cloud, arn: str, action: str, resource: str, statement: Statement
) -> tuple[bool, str]:
    if call := CALLS.get(action):
        return _is_let_through(call, assumed(cloud, arn), resource), BY_CALL
    if action in UNKNOWN_CONDITIONS:
        now = _statements(cloud, arn.rpartition("/")[2])
        return any(action in _listed(each["Action"]) for each in now), BY_DOCUMENT
    answer = cloud.client("iam", PRIMARY).simulate_principal_policy(
        PolicySourceArn=arn,
        ActionNames=[action],
        ResourceArns=[resource.replace("*", "probe")] if resource != "*" else ["*"],
        ContextEntries=_context(statement),
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


def _context(statement: Statement) -> list[dict[str, Any]]:
    """Return values that the conditions admit."""
    return [
        {
            "ContextKeyName": key,
            "ContextKeyValues": [str(_listed(values)[0]).replace("*", "x").replace("?", "0")],
            "ContextKeyType": "string",
        }
        for condition in statement.get("Condition", {}).values()
        for key, values in condition.items()
    ]


def _statements(cloud: Cloud, name: str) -> list[Statement]:
    iam = cloud.client("iam", PRIMARY)
    names = iam.list_role_policies(RoleName=name)["PolicyNames"]
    return [
        statement
        for policy in names
        for statement in iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"][
            "Statement"
        ]
    ]


def _proof(how: str, right: Right) -> str:
    test = f"test_every_right.py[{'-'.join(right)}]"
    return f"{how}, {test}" if how == BY_CALL else f"{how} (static), {test}"


def _listed(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
