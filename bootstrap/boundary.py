"""The permissions boundary of every role: the roles' actions, limited to the project's names."""

from collections.abc import Mapping, Sequence
from typing import Any

from bootstrap.execution_policies import VERSION, allow
from naming import BOOTSTRAP_QUALIFIER, PREFIX
from policies import patterns
from policies.rules import declared_actions
from policies.templates.statements import ROLE
from policies.templates.template import StackTemplate, resources

NAMED = patterns.beside(__file__)


def document(stacks: Sequence[StackTemplate], account: str) -> Mapping[str, Any]:
    """Return the boundary: no role can do more, whatever its policies say; it grants nothing."""
    roles = resources(stacks, ROLE)
    done = {action for role in roles for action in declared_actions.actions(role, stacks)}
    assumed = {action for action in done if action.startswith("sts:")}
    names = {"account": account, "prefix": PREFIX, "qualifier": BOOTSTRAP_QUALIFIER}
    within, assumable, aliases = (
        [each.format(**names) for each in NAMED[part]]
        for part in ("within", "assumed", "own_aliases")
    )
    anywhere = {*NAMED["anywhere"]}
    others = {"ForAnyValue:StringNotLike": {"kms:ResourceAliases": aliases}}
    statements = [
        allow("Within", sorted(done - anywhere - assumed), within, {}),
        allow("Anywhere", sorted(done & anywhere), ["*"], {}),
        allow("Assumed", sorted(assumed), assumable, {}),
        {**allow("OthersKeys", ["kms:*"], ["*"], {}), "Effect": "Deny", "Condition": others},
    ]
    return {"Version": VERSION, "Statement": [each for each in statements if each["Action"]]}
