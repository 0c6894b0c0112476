"""No policy lets in an account, or acts for one, that the app's own stacks are not deployed to."""

import re
from collections.abc import Iterator, Mapping, Sequence

from policies import statements
from policies.finding import Breach, breach
from policies.template import Resource, StackTemplate, texts

REMEDY = "name the role, service or account of ours that needs it; AWS itself is a Service, by name"
# A number inside a longer name, as a connection's or a bucket's, is no account.
ACCOUNT = re.compile(r"(?<![\w-])\d{12}(?![\w@-])")
# They let somebody in by properties of their own.
PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    "AWS::Lambda::Permission": ("Principal", "SourceAccount", "SourceArn"),
    "AWS::Lambda::LayerVersionPermission": ("Principal",),
    "AWS::Events::EventBusPolicy": ("Principal", "Condition"),
}


def check(stacks: Sequence[StackTemplate]) -> Iterator[Breach]:
    ours = {stack.account for stack in stacks}
    for owner, what, letting_in in _openings(stacks):
        named = {account for text in texts(letting_in) for account in ACCOUNT.findall(text)}
        for account in sorted(named - ours):
            message = f"names the account {account}, which is none of the app's: {what}"
            yield breach(owner, message, exact=f"{account}: {what}")


def _openings(stacks: Sequence[StackTemplate]) -> Iterator[tuple[Resource, str, object]]:
    for statement in statements.all_statements(stacks):
        if statement.allows:
            limits = [statement.body.get(key) for key in ("Principal", "NotPrincipal", "Condition")]
            yield statement.owner, str(statement), limits
    for stack in stacks:
        for permission in stack.resources(*PERMISSIONS):
            for name in PERMISSIONS[permission.type]:
                yield permission, name, permission.properties.get(name)
