"""Whom a statement of a resource's policy or of a role's trust lets in."""

import json
from collections.abc import Mapping
from typing import Any

from policies.template import flat, listed, wildcard

NOT = "NOT "
# What is false when the key is absent, unlike the forms with IfExists or ForAllValues.
BINDING_OPERATORS = ("StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike")
# Lower case: IAM does not tell keys apart by case.
BINDING_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:sourceaccount",
        "aws:sourcearn",
        "kms:calleraccount",
    }
)


def named(body: Mapping[str, Any]) -> list[str]:
    """Each with its kind, as ``AWS:arn:…``; nobody in a statement of an identity's own policy."""
    if "NotPrincipal" in body:
        return [NOT + json.dumps(body["NotPrincipal"], sort_keys=True)]
    match body.get("Principal"):
        case None:
            return []
        case dict(by_kind):
            pairs = [(kind, flat(who)) for kind, whos in by_kind.items() for who in listed(whos)]
            return ["*" if pair == ("AWS", "*") else ":".join(pair) for pair in pairs]
        case everybody:
            return [flat(everybody)]


def anybody(body: Mapping[str, Any]) -> bool:
    """Whether all the world is meant, in any spelling, and no condition binds it to a source."""
    wide = any(wildcard(who) or who.startswith(NOT) for who in named(body))
    return wide and not _binds(body.get("Condition", {}))


def _binds(condition: Mapping[str, Any]) -> bool:
    """Whether one key ties the request to a source that is spelled out; one is enough."""
    return any(
        key.lower() in BINDING_KEYS and _concrete(values)
        for operator in BINDING_OPERATORS
        for key, values in condition.get(operator, {}).items()
    )


def _concrete(values: object) -> bool:
    return bool(listed(values)) and not any(wildcard(flat(value)) for value in listed(values))
