"""Every role has the project's permissions boundary, and nothing here acts by another role.

No policy of a role can widen its boundary. A role that is not of the template has none, or rights
that are not reviewed here; only the pipeline's deployments use the bootstrap's (pipeline-shape).
"""

from collections.abc import Iterator, Sequence

import naming
from policies.finding import Finding, at
from policies.templates.statements import IDENTITIES, ROLE
from policies.templates.template import Resource, StackTemplate, as_text

REMEDY = (
    "leave the boundary to the context of cdk.json, which gives it to every role, and let it act "
    "by a role of its own stack"
)
ACTS_BY = ("ExecutionRole", "ExecutionRoleArn", "Role", "RoleARN", "RoleArn", "ServiceRole")
STAGES = "Stages"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        roles = {role.logical_id for role in stack.resources(ROLE)}
        for resource in stack.resources():
            for what in (*_unbounded(resource), *_foreign(resource.properties, roles)):
                yield at(resource, what, exact=what)


def _unbounded(identity: Resource) -> Iterator[str]:
    boundary = as_text(identity.properties.get("PermissionsBoundary", "none"))
    wanted = f"arn:aws:iam::{identity.stack.account}:policy/{naming.BOUNDARY}"
    if identity.type in IDENTITIES and boundary != wanted:
        yield f"its permissions boundary is {boundary}"


def _foreign(value: object, roles: set[str]) -> Iterator[str]:
    """Yield each role in ``value`` that is none of ``roles``, the logical ids of those here."""
    match value:
        case dict():
            for key, part in value.items():
                if key in ACTS_BY and not _is_one(part, roles):
                    yield f"it acts by the role {as_text(part)}"
                elif key != STAGES:
                    yield from _foreign(part, roles)
        case list():
            for part in value:
                yield from _foreign(part, roles)


def _is_one(value: object, roles: set[str]) -> bool:
    match value:
        case {"Fn::GetAtt": [role, "Arn"]}:
            return role in roles
        case _:
            return False
