"""No policy gives access to an account that the app is not deployed to, or on its behalf."""

import re
from collections.abc import Iterator, Mapping, Sequence

from policies.finding import Finding, at
from policies.templates import statements
from policies.templates.template import Resource, StackTemplate, all_texts

REMEDY = "name a role or account of the app; AWS itself is named as a service principal"
# Twelve digits inside a longer name, such as a connection's or a bucket's, are no account.
ACCOUNT = re.compile(r"(?<![\w-])\d{12}(?![\w@-])")
# These give access by properties of their own.
PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    "AWS::Lambda::Permission": ("Principal", "SourceAccount", "SourceArn"),
    "AWS::Lambda::LayerVersionPermission": ("Principal",),
    "AWS::Events::EventBusPolicy": ("Principal", "Condition"),
}


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    ours = {stack.account for stack in stacks}
    for owner, what, letting_in in _openings(stacks):
        named = {account for text in all_texts(letting_in) for account in ACCOUNT.findall(text)}
        for account in sorted(named - ours):
            message = f"names the account {account}, which is not the app's: {what}"
            yield at(owner, message, exact=f"{account}: {what}")


def _openings(stacks: Sequence[StackTemplate]) -> Iterator[tuple[Resource, str, object]]:
    for statement in statements.all_statements(stacks):
        if statement.allows:
            limits = [statement.body.get(key) for key in ("Principal", "NotPrincipal", "Condition")]
            yield statement.owner, str(statement), limits
    for stack in stacks:
        for permission in stack.resources(*PERMISSIONS):
            for name in PERMISSIONS[permission.type]:
                yield permission, name, permission.properties.get(name)
