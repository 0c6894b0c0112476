"""The project's own rules: one module each, named after the rule, for synthesized templates.

The packs check the construct tree, and lack rules for much of what this project promises.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from policies import patterns
from policies.finding import PROJECT, Finding
from policies.templates.template import StackTemplate

# Given all stacks of an assembly, it yields findings whose rule is only the part in brackets.
Rule = Callable[[Sequence[StackTemplate]], Iterator[Finding]]

_MODULES = patterns.modules(__name__, __path__)
RULES: Mapping[str, Rule] = {name: module.check for name, module in _MODULES.items()}
REMEDIES: Mapping[str, str] = {name: module.REMEDY for name, module in _MODULES.items()}


def findings(stacks: Sequence[StackTemplate], only: str = "") -> list[Finding]:
    """Return the findings of every rule, or of one, in all stacks of an assembly; sorted."""
    return sorted(
        replace(
            found,
            gate=PROJECT,
            rule=f"{PROJECT}-{name}{found.rule.replace(' ', '-')}",  # CDK's ids hold no spaces
            remedy=REMEDIES[name],
        )
        for name, check in RULES.items()
        if only in ("", name)
        for found in check(stacks)
    )
