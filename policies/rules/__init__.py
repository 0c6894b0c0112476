"""The project's own rules: one module each, named after the rule, for synthesized templates.

The packs check the construct tree, and lack rules for much of what this project promises.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import ModuleType

from policies.finding import PROJECT, Finding
from policies.rules import (
    alarms_can_fire,
    declared_actions,
    encrypted_at_rest,
    encrypted_in_transit,
    failures_kept,
    logs_kept,
    names,
    no_cross_region_references,
    no_foreign_accounts,
    no_plain_secrets,
    no_privileged_builds,
    no_wildcard_actions,
    no_wildcard_resources,
    no_wildcard_streams,
    not_public,
    nothing_expires,
    region_parity,
    replicas_complete,
    retained,
    termination_protected,
    timeout_set,
    versioned,
)
from policies.templates.template import StackTemplate

# Given all stacks of an assembly, it yields findings whose rule is only the part in brackets.
Rule = Callable[[Sequence[StackTemplate]], Iterator[Finding]]

_MODULES: tuple[ModuleType, ...] = (
    alarms_can_fire,
    declared_actions,
    encrypted_at_rest,
    encrypted_in_transit,
    failures_kept,
    logs_kept,
    names,
    no_cross_region_references,
    no_foreign_accounts,
    no_plain_secrets,
    no_privileged_builds,
    no_wildcard_actions,
    no_wildcard_resources,
    no_wildcard_streams,
    not_public,
    nothing_expires,
    region_parity,
    replicas_complete,
    retained,
    termination_protected,
    timeout_set,
    versioned,
)


def _id(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2].replace("_", "-")


RULES: Mapping[str, Rule] = {_id(module): module.check for module in _MODULES}
REMEDIES: Mapping[str, str] = {_id(module): module.REMEDY for module in _MODULES}


def findings(stacks: Sequence[StackTemplate]) -> list[Finding]:
    """Return the findings of every rule in ``stacks``, all stacks of an assembly; sorted."""
    return sorted(
        replace(
            found,
            gate=PROJECT,
            rule=f"{PROJECT}-{name}{found.rule.replace(' ', '-')}",  # CDK's ids hold no spaces
            remedy=REMEDIES[name],
        )
        for name, check in RULES.items()
        for found in check(stacks)
    )
