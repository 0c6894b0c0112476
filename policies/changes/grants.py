"""Every policy of a template, taken apart into single grants: one action on one resource."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

from policies import principals, statements
from policies.principals import NOT
from policies.template import Resource, StackTemplate, flat, listed

ATTACHED_TO = ("Roles", "Users", "Groups", "Bucket", "Queues", "Topics", "FunctionName")
PERMISSION = "AWS::Lambda::Permission"
PERMISSION_LIMITS = ("SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken")
ALLOW, DENY = "Allow", "Deny"
# A boundary denies whatever is beyond it.
WHOLE_POLICIES = {"ManagedPolicyArns": ALLOW, "PermissionsBoundary": DENY}

Condition: TypeAlias = tuple[str, str, frozenset[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What a policy allows or denies. ``holder`` is what the policy is attached to."""

    holder: str
    effect: str
    principal: str
    action: str
    resource: str
    conditions: frozenset[Condition] = frozenset()
    owner: Resource

    def covers(self, other: "Grant") -> bool:
        """Whether this one alone says all that ``other`` says, at the same holder."""
        return (
            (self.holder, self.effect) == (other.holder, other.effect)
            and _matches(self.principal, other.principal)
            and _matches(self.action, other.action, re.IGNORECASE)
            and _matches(self.resource, other.resource)
            and all(_limits(limit, other.conditions) for limit in self.conditions)
        )


def of(stack: StackTemplate) -> list[Grant]:
    return [grant for resource in stack.resources() for grant in _of(resource)]


def _of(resource: Resource) -> Iterator[Grant]:
    for holder in _holders(resource):
        if resource.type == PERMISSION:
            yield _permission(resource, holder)
        for statement in statements.written(resource.properties):
            yield from _statement(resource, holder, statement)
        if resource.type == statements.ROLE:
            yield from _whole_policies(resource, holder)


def _holders(resource: Resource) -> list[str]:
    attached = [flat(to) for name in ATTACHED_TO for to in listed(resource.properties.get(name))]
    return attached or [f"<{resource.logical_id}>"]


def _statement(owner: Resource, holder: str, body: Mapping[str, Any]) -> Iterator[Grant]:
    parts = product(principals.named(body) or [""], _side(body, "Action"), _side(body, "Resource"))
    for principal, action, resource in parts:
        yield Grant(
            owner=owner,
            holder=holder,
            effect=body["Effect"],
            principal=principal,
            action=action,
            resource=resource,
            conditions=_conditions(body.get("Condition", {})),
        )


def _side(body: Mapping[str, Any], key: str) -> list[str]:
    negated = sorted(flat(value) for value in listed(body.get(f"Not{key}")))
    if negated:
        return [NOT + ",".join(negated)]
    return [flat(value) for value in listed(body.get(key))] or [""]


def _conditions(body: Mapping[str, Any]) -> frozenset[Condition]:
    return frozenset(
        (operator, key, frozenset(flat(value) for value in listed(values)))
        for operator, keys in body.items()
        for key, values in keys.items()
    )


def _permission(owner: Resource, function: str) -> Grant:
    properties = owner.properties
    limits = {name: flat(properties[name]) for name in PERMISSION_LIMITS if name in properties}
    return Grant(
        owner=owner,
        holder=function,
        effect=ALLOW,
        principal=flat(properties["Principal"]),
        action=flat(properties["Action"]),
        resource=function,
        conditions=frozenset(("StringLike", name, frozenset([v])) for name, v in limits.items()),
    )


def _whole_policies(role: Resource, holder: str) -> Iterator[Grant]:
    """Policies that are only named: what they say isn't known, that they are there is."""
    for name, effect in WHOLE_POLICIES.items():
        for arn in listed(role.properties.get(name)):
            yield Grant(
                owner=role,
                holder=holder,
                effect=effect,
                principal="",
                action=name,
                resource=flat(arn),
            )


def _matches(wide: str, narrow: str, case: re.RegexFlag = re.NOFLAG) -> bool:
    """``*`` and ``?`` as in IAM; what is negated is only like itself."""
    if wide == narrow:
        return True
    if wide.startswith(NOT) or not narrow:
        return False
    pattern = re.escape(wide).replace(r"\*", ".*").replace(r"\?", "[^*]")
    return bool(re.fullmatch(pattern, narrow, re.DOTALL | case))


def _limits(limit: Condition, conditions: frozenset[Condition]) -> bool:
    """Whether ``conditions`` are at least as strict as ``limit``: fewer values, unless negated."""
    operator, key, values = limit
    return any(
        (operator, key) == (other_operator, other_key)
        and (values <= others if "Not" in operator else others <= values)
        for other_operator, other_key, others in conditions
    )
