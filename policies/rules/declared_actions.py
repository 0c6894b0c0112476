"""Each role may do exactly what ``declared/role_actions.toml`` says, no more and no less.

A row with ``accounts`` describes a role that exists only with that many accounts. With two
accounts a role may also do what its row lists as ``across_accounts``, and in the standby what it
lists as ``in_standby``.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import naming
from policies import patterns
from policies.finding import Finding, at, at_stack
from policies.templates import statements
from policies.templates.template import Resource, StackTemplate, accounts, as_list, resources

REMEDY = "change the role, or have the new set reviewed in policies/declared/role_actions.toml"
STANDBY_STAGE = naming.stage(naming.STANDBY)


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    yield from against(patterns.declared("role_actions"), stacks)


def against(
    rows: Mapping[str, Mapping[str, Any]], stacks: Sequence[StackTemplate]
) -> Iterator[Finding]:
    """Compare the roles in ``stacks`` with their rows, by their paths below the stage."""
    number = accounts(stacks)
    declared = {name: row for name, row in rows.items() if row.get("accounts", number) == number}
    roles = [*resources(stacks, *statements.IDENTITIES)]
    for role in roles:
        given, row = actions(role, stacks), declared.get(role.local)
        if row is None:
            yield at(role, f"{role.type} is not declared; it may {' '.join(sorted(given))}")
            continue
        also = (("across_accounts", number > 1), ("in_standby", role.stack.stage == STANDBY_STAGE))
        wanted = {*row["actions"]}.union(*(row.get(key, ()) for key, holds in also if holds))
        if given != wanted:
            sides = (given - wanted, wanted - given)
            more, less = (", ".join(sorted(each)) or "nothing" for each in sides)
            told = f"more than declared: {more}; less: {less}"
            yield at(role, f"does not have the declared actions: {told}")
    for policy, to in statements.attached_elsewhere(stacks):
        yield at(policy, f"is attached to {to}, which is not a role of the app", exact=to)
    for local in sorted(declared.keys() - {role.local for role in roles}):
        yield at_stack(stacks[0], f"the role {local} is declared, but no stack has it", exact=local)


def actions(role: Resource, stacks: Sequence[StackTemplate]) -> frozenset[str]:
    """Return what ``role`` may do by its own and attached policies; managed ones by their ARNs."""
    said = statements.of(role, *statements.policies_of(role, stacks))
    allowed = (action for each in said if each.allows for action in each.actions)
    return frozenset((*allowed, *map(str, as_list(role.properties.get("ManagedPolicyArns")))))
