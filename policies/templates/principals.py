"""The principals of a statement, in a resource policy or in the trust policy of a role."""

import json
from collections.abc import Mapping
from typing import Any

from policies import patterns
from policies.templates.template import as_list, as_text, has_wildcard

NOT = "NOT "
BINDING = patterns.beside(__file__)


def named(body: Mapping[str, Any]) -> list[str]:
    """Return each principal with its kind, as ``AWS:arn:…``; none for a policy of an identity."""
    if "NotPrincipal" in body:
        return [NOT + json.dumps(body["NotPrincipal"], sort_keys=True)]
    match body.get("Principal"):
        case None:
            return []
        case dict(by_kind):
            pairs = [(kind, as_text(who)) for kind in by_kind for who in as_list(by_kind[kind])]
            return ["*" if pair == ("AWS", "*") else ":".join(pair) for pair in pairs]
        case everyone:
            return [as_text(everyone)]


def is_public(body: Mapping[str, Any]) -> bool:
    """Return whether everyone has access, in any notation, without a condition on the source."""
    wide = any(has_wildcard(who) or who.startswith(NOT) for who in named(body))
    return wide and not _binds(body.get("Condition", {}))


def _binds(condition: Mapping[str, Any]) -> bool:
    """Return whether at least one key limits the request to a source without wildcards."""
    return any(
        key.lower() in BINDING["keys"]
        and as_list(values)
        and not any(has_wildcard(as_text(value)) for value in as_list(values))
        for operator in BINDING["operators"]
        for key, values in condition.get(operator, {}).items()
    )
