"""Every policy of a template, split into single grants: one action on one resource."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from policies.templates import statements
from policies.templates.template import Resource, StackTemplate, as_list, as_text

ATTACHED_TO = ("Roles", "Users", "Groups", "Bucket", "Queues", "Topics", "FunctionName")
PERMISSION = "AWS::Lambda::Permission"
PERMISSION_LIMITS = ("SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken")
ALLOW, DENY = "Allow", "Deny"
# A boundary denies everything that it does not allow.
WHOLE_POLICIES = {"ManagedPolicyArns": ALLOW, "PermissionsBoundary": DENY}


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What a policy allows or denies; ``holder`` is what the policy is attached to."""

    holder: str
    effect: str
    principal: str
    action: str
    resource: str
    conditions: frozenset[statements.Condition] = frozenset()
    owner: Resource = field(compare=False)

    @property
    def condition(self) -> str:
        """All conditions as one text, in a fixed order."""
        return statements.spelled(self.conditions)

    def covers(self, other: "Grant") -> bool:
        """Return whether this grant alone implies ``other``, for the same holder."""
        return (
            (self.holder, self.effect) == (other.holder, other.effect)
            and _matches(self.principal, other.principal)
            and _matches(self.action, other.action, re.IGNORECASE)
            and _matches(self.resource, other.resource)
            and all(_limits(limit, other.conditions) for limit in self.conditions)
        )


def of(stack: StackTemplate) -> list[Grant]:
    """Return the grants of every policy in ``stack``, Lambda permissions included."""
    return [grant for resource in stack.resources() for grant in _of(resource)]


def uncovered(those: Iterable[Grant], by: Iterable[Grant]) -> list[Grant]:
    """Return those grants that no single one of the others implies."""
    others: dict[str, list[Grant]] = defaultdict(list)
    for each in by:
        others[each.holder].append(each)
    same = {*by}
    return [
        grant
        for grant in those
        if grant not in same  # which is most of them, and found at once
        and not any(each.covers(grant) for each in others[grant.holder])
    ]


def spelled(grants: Iterable[Grant]) -> Iterator[tuple[Resource, str]]:
    """Merge grants, and yield each policy with ``principal actions@resources if conditions``.

    The text is exact and does not depend on the order of ``grants``, so that it can be an id.
    """
    owners: dict[str, Resource] = {}
    actions: dict[tuple[str, ...], set[str]] = defaultdict(set)
    resources: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for grant in grants:
        owners[grant.owner.logical_id] = grant.owner
        key = grant.owner.logical_id, grant.principal, grant.condition, grant.resource
        actions[key].add(grant.action)
    for (owner, principal, condition, resource), merged in actions.items():
        resources[owner, principal, condition, ",".join(sorted(merged))].add(resource)
    for (owner, principal, condition, all_of), on in sorted(resources.items()):
        who = f"{principal} " if principal else ""
        where = f"@{','.join(sorted(on))}" if any(on) else ""
        yield owners[owner], f"{who}{all_of}{where}{f' if {condition}' if condition else ''}"


def one_sided(owner: Resource, effect: str, here: Iterable[Grant], there: Iterable[Grant]) -> str:
    """Return what a policy says on one side only, with its conditions."""
    same = {*there}
    own = (e for e in here if (e.owner.logical_id, e.effect) == (owner.logical_id, effect))
    return "; ".join(text for _, text in spelled(e for e in own if e not in same))


def _of(resource: Resource) -> Iterator[Grant]:
    for holder, body in product(holders(resource), [*_bodies(resource)]):
        sides = (statements.side(body, key) for key in ("Action", "Resource"))
        for who, action, on in product(statements.principals(body) or [""], *sides):
            yield Grant(
                holder=holder,
                effect=str(body["Effect"]),
                principal=who,
                action=action,
                resource=on,
                conditions=statements.conditions(body),
                owner=resource,
            )


def _bodies(resource: Resource) -> Iterator[Mapping[str, Any]]:
    """Yield the statements of a resource, and what else grants something as such a one."""
    said = resource.properties
    yield from statements.written(said)
    if resource.type == PERMISSION:
        yield {
            "Effect": ALLOW,
            "Principal": as_text(said["Principal"]),
            "Action": said["Action"],
            "Resource": said["FunctionName"],
            "Condition": {"StringLike": {e: said[e] for e in PERMISSION_LIMITS if e in said}},
        }
    # Of these only the ARN is known: a change of the ARN is a change.
    for name, effect in WHOLE_POLICIES.items() if resource.type in statements.IDENTITIES else ():
        if arns := as_list(said.get(name)):
            yield {"Effect": effect, "Action": name, "Resource": arns}


def holders(resource: Resource) -> list[str]:
    """Return what the policies of a resource are attached to, or else the resource itself."""
    named = (resource.properties.get(name) for name in ATTACHED_TO)
    attached = [as_text(to) for each in named for to in as_list(each)]
    return attached or [f"<{resource.logical_id}>"]


def _matches(wide: str, narrow: str, case: re.RegexFlag = re.NOFLAG) -> bool:
    """Match ``*`` and ``?`` as IAM does; a negated side matches only itself."""
    if wide == narrow:
        return True
    if wide.startswith(statements.NOT) or not narrow:
        return False
    pattern = re.escape(wide).replace(r"\*", ".*").replace(r"\?", "[^*]")
    return bool(re.fullmatch(pattern, narrow, re.DOTALL | case))


def _limits(limit: statements.Condition, conditions: frozenset[statements.Condition]) -> bool:
    """Return whether ``conditions`` are as strict as ``limit``: no more values, unless negated."""
    operator, key, values = limit
    return any(
        (operator, key) == (other_operator, other_key)
        and (values <= others if "Not" in operator else others <= values)
        for other_operator, other_key, others in conditions
    )
