"""Every role has the project's permissions boundary, and nothing here acts by another role.

No policy of a role can widen its boundary. A role that is not of the template has none, or rights
that are not reviewed here; only the pipeline's deployments use the bootstrap's (pipeline-shape).
"""

from collections.abc import Iterator, Sequence

import naming
from policies import patterns
from policies.finding import Finding, each_at
from policies.templates.statements import IDENTITIES, ROLE
from policies.templates.template import Resource, StackTemplate, as_text, objects

REMEDY, ACTS_BY = patterns.beside(__file__).values()


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        roles = [{"Fn::GetAtt": [role.logical_id, "Arn"]} for role in stack.resources(ROLE)]
        for resource in stack.resources():
            yield from each_at(resource, _unbounded(resource, roles))


def _unbounded(resource: Resource, roles: Sequence[object]) -> Iterator[str]:
    """Yield another boundary than ours, and each role it acts by that is none of ``roles``."""
    boundary = as_text(resource.properties.get("PermissionsBoundary", "none"))
    wanted = f"arn:aws:iam::{resource.stack.account}:policy/{naming.BOUNDARY}"
    if resource.type in IDENTITIES and boundary != wanted:
        yield f"its permissions boundary is {boundary}"
    own = {key: part for key, part in resource.properties.items() if key != "Stages"}
    given = (part[key] for part in objects(own) for key in ACTS_BY if key in part)
    yield from (f"it acts by the role {as_text(role)}" for role in given if role not in roles)
