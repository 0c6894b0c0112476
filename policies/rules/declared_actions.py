"""Each role may do exactly what ``declared/role_actions.toml`` says, no more and no less.

A row with ``accounts`` describes a role that exists only with that many accounts. With two
accounts a role may also do what its row lists as ``across_accounts``.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from policies.finding import Finding, at, at_stack
from policies.templates import statements
from policies.templates.template import Resource, StackTemplate, accounts, as_list

REMEDY = "change the role, or have the new set reviewed in policies/declared/role_actions.toml"
DECLARED = Path(__file__).parent.parent / "declared" / "role_actions.toml"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    yield from against(_declared(accounts(stacks)), stacks)


def against(
    declared: Mapping[str, frozenset[str]], stacks: Sequence[StackTemplate]
) -> Iterator[Finding]:
    """Compare the roles in ``stacks`` with the declared ones, by their paths below the stage."""
    roles = [role for stack in stacks for role in stack.resources(*statements.IDENTITIES)]
    for role in roles:
        given, wanted = actions(role, stacks), declared.get(role.local)
        if wanted is None:
            yield at(role, f"{role.type} is not declared; it may {' '.join(sorted(given))}")
        elif given != wanted:
            yield at(role, _difference(given, wanted))
    for policy, to in statements.attached_elsewhere(stacks):
        yield at(policy, f"is attached to {to}, which is not a role of the app", exact=to)
    for local in sorted(declared.keys() - {role.local for role in roles}):
        yield at_stack(stacks[0], f"the role {local} is declared, but no stack has it", exact=local)


def actions(role: Resource, stacks: Sequence[StackTemplate]) -> frozenset[str]:
    """Return what ``role`` may do by its own and attached policies; managed ones by their ARNs."""
    allowed = [
        action
        for owner in (role, *statements.policies_of(role, stacks))
        for statement in statements.of(owner)
        if statement.allows
        for action in statement.actions
    ]
    managed = [str(arn) for arn in as_list(role.properties.get("ManagedPolicyArns"))]
    return frozenset((*allowed, *managed))


def _difference(given: frozenset[str], wanted: frozenset[str]) -> str:
    more, less = sorted(given - wanted), sorted(wanted - given)
    return f"may do more than declared: {more or 'nothing'}; less: {less or 'nothing'}"


def _declared(number: int) -> Mapping[str, frozenset[str]]:
    rows = tomllib.loads(DECLARED.read_text())
    across = "across_accounts" if number > 1 else ""
    return {
        local: frozenset((*row["actions"], *row.get(across, ())))
        for local, row in rows.items()
        if row.get("accounts", number) == number
    }
