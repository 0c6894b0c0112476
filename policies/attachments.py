"""Which role, user or group a policy of its own is attached to: by reference or by its name."""

from collections.abc import Iterator, Sequence

from policies import statements
from policies.template import Resource, StackTemplate, flat, listed, refers_to

ATTACHED_TO = ("Roles", "RoleName", "Users", "UserName", "Groups", "GroupName")
NAMES = {
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::Group": "GroupName",
}


def policies_of(identity: Resource, stacks: Sequence[StackTemplate]) -> Iterator[Resource]:
    """Also those of other stacks: a name counts in the whole account."""
    for policy in _policies(stacks):
        if any(_means(entry, policy, identity) for entry in _entries(policy)):
            yield policy


def astray(stacks: Sequence[StackTemplate]) -> Iterator[tuple[Resource, str]]:
    """Policies with what they are attached to, where that is no identity of the app's."""
    identities = [each for stack in stacks for each in stack.resources(*statements.IDENTITIES)]
    for policy in _policies(stacks):
        for entry in _entries(policy):
            if not any(_means(entry, policy, identity) for identity in identities):
                yield policy, flat(entry)


def _policies(stacks: Sequence[StackTemplate]) -> Iterator[Resource]:
    for stack in stacks:
        yield from stack.resources(*statements.IDENTITY_POLICIES)


def _entries(policy: Resource) -> list[object]:
    return [to for name in ATTACHED_TO for to in listed(policy.properties.get(name))]


def _means(entry: object, policy: Resource, identity: Resource) -> bool:
    name = identity.properties.get(NAMES[identity.type])
    if policy.stack.path == identity.stack.path and refers_to(entry, identity.logical_id):
        return True
    here = policy.stack.account == identity.stack.account
    return here and name is not None and flat(entry) == flat(name)
