"""Each role is assumed by those only whom ``declared/role_actions.toml`` names as its ``trusts``.

A condition counts by its operator and its key: another operator, a missing condition or a value
with a wildcard trusts others as well. Whose account a value names is for ``no-foreign-accounts``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies import patterns
from policies.finding import Finding, at
from policies.templates import statements
from policies.templates.template import StackTemplate, has_wildcard, resources

REMEDY = "trust who is declared, or have another reviewed in policies/declared/role_actions.toml"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    declared = patterns.declared("role_actions")
    own = re.compile("|".join(sorted({stack.account for stack in stacks})))
    for role in resources(stacks, statements.ROLE):
        trust = statements.written(role.properties.get(statements.TRUST))
        given = " or ".join(sorted(_spelled(body) for body in trust)) or "nobody"
        given = own.sub("{account}", given)
        wanted = declared.get(role.local, {}).get("trusts", "nobody")
        if given != wanted:
            yield at(role, f"it trusts {given}, and {wanted} is declared", exact=given)


def _spelled(body: Mapping[str, Any]) -> str:
    who = " ".join(sorted(statements.principals(body)))
    actions = statements.side(body, "Action")
    more = "" if actions == ["sts:AssumeRole"] else f" for {','.join(actions)}"
    limits = [
        f"{operator} {key}{''.join(f'={value}' for value in sorted(values) if has_wildcard(value))}"
        for operator, key, values in statements.conditions(body)
    ]
    effect = "" if body["Effect"] == "Allow" else f"{body['Effect']} "
    return f"{effect}{who}{more}{' if ' if limits else ''}{' and '.join(sorted(limits))}"
