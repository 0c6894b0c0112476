"""The project's own rules: one module each, named after the rule, for synthesized templates.

The packs check the construct tree, and lack rules for much of what this project promises.
"""

from collections.abc import Sequence
from dataclasses import replace

from policies import patterns
from policies.finding import PROJECT, Finding
from policies.templates.template import StackTemplate

# Given all stacks of an assembly, the ``check`` of each yields findings whose rule is only the part
# in brackets; ``REMEDY`` says what to do about them.
RULES = patterns.modules(__name__, __path__)


def findings(stacks: Sequence[StackTemplate], only: str = "") -> list[Finding]:
    """Return the findings of every rule, or of one, in all stacks of an assembly; sorted."""
    return sorted(
        replace(
            found,
            gate=PROJECT,
            rule=f"{PROJECT}-{name}{found.rule.replace(' ', '-')}",  # CDK's ids hold no spaces
            remedy=rule.REMEDY,
        )
        for name, rule in RULES.items()
        if only in ("", name)
        for found in rule.check(stacks)
    )
