"""Each role may do exactly what ``declared/role_actions.toml`` says, no more and no less.

A row with ``accounts`` is about a role there is only with that many accounts; what a role may do
``across_accounts`` is added where there are two.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from policies import attachments, statements
from policies.finding import Breach, breach, stack_breach
from policies.template import Resource, StackTemplate, accounts, listed

REMEDY = "change the role, or have the new set reviewed in policies/declared/role_actions.toml"
DECLARED = Path(__file__).parent.parent / "declared" / "role_actions.toml"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Breach]:
    yield from against(_declared(accounts(stacks)), stacks)


def against(
    declared: Mapping[str, frozenset[str]], stacks: Sequence[StackTemplate]
) -> Iterator[Breach]:
    roles = [role for stack in stacks for role in stack.resources(*statements.IDENTITIES)]
    for role in roles:
        given, wanted = actions(role, stacks), declared.get(role.local)
        if wanted is None:
            yield breach(role, f"{role.type} is not declared; it may {' '.join(sorted(given))}")
        elif given != wanted:
            yield breach(role, _difference(given, wanted))
    for policy, to in attachments.astray(stacks):
        yield breach(policy, f"is attached to {to}, which is no role of the app", exact=to)
    for local in sorted(declared.keys() - {role.local for role in roles}):
        yield stack_breach(stacks[0], f"declares the role {local}, which is gone", exact=local)


def actions(role: Resource, stacks: Sequence[StackTemplate]) -> frozenset[str]:
    """What ``role`` may do by its own and its attached policies; a managed policy by its ARN."""
    allowed = [
        action
        for owner in (role, *attachments.policies_of(role, stacks))
        for statement in statements.of(owner)
        if statement.allows
        for action in statement.actions
    ]
    managed = [str(arn) for arn in listed(role.properties.get("ManagedPolicyArns"))]
    return frozenset((*allowed, *managed))


def _difference(given: frozenset[str], wanted: frozenset[str]) -> str:
    more, less = sorted(given - wanted), sorted(wanted - given)
    return f"may do more than declared: {more or 'nothing'}; less: {less or 'nothing'}"


def _declared(number: int) -> Mapping[str, frozenset[str]]:
    """What is declared for that ``number`` of accounts."""
    rows = tomllib.loads(DECLARED.read_text())
    across = "across_accounts" if number > 1 else ""
    return {
        local: frozenset((*row["actions"], *row.get(across, ())))
        for local, row in rows.items()
        if row.get("accounts", number) == number
    }
