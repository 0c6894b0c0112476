"""No role may act on all resources of a service, a type, a region or an account.

A waiver quotes the whole statement, and what the same policy denies: it may rely on that.
"""

import re
from collections.abc import Iterator, Sequence

from policies.finding import Finding, at
from policies.templates import statements
from policies.templates.template import StackTemplate, has_wildcard, resources

REMEDY = "name the resources; if the action takes none, accept the exact statement"
KNOWN_AT_DEPLOYMENT = re.compile(r"<[^>]*>|\$\{[^}]*\}")
ARN_PARTS = 6
# In the ARNs of these services no resource type precedes the name.
WITHOUT_KIND = ("s3", "sns", "sqs")


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    holders = resources(stacks, *statements.IDENTITIES, *statements.IDENTITY_POLICIES)
    for statement in statements.of(*holders):
        everything = any(map(_everything, statement.resources)) or "NotResource" in statement.body
        if statement.allows and everything:
            denials = [each for each in statements.of(statement.owner) if not each.allows]
            exact = " unless ".join(map(str, (statement, *denials)))
            yield at(statement.owner, f"acts on every resource: {exact}", exact=exact)


def _everything(resource: str) -> bool:
    text = KNOWN_AT_DEPLOYMENT.sub("known", resource)
    if text.startswith("known"):
        return False
    parts = text.split(":", ARN_PARTS - 1)
    if parts[0] != "arn" or len(parts) < ARN_PARTS:
        return has_wildcard(text)
    service, region, account, rest = parts[2:]
    return has_wildcard(service + region + account) or not _name(service, rest).strip("*?")


def _name(service: str, rest: str) -> str:
    """Return the part of the ARN that identifies the resource, without what is inside it."""
    kind, _, named = re.sub("[:/]", "/", rest).partition("/")
    name = kind if service in WITHOUT_KIND or not named else named
    return name.lstrip("/").partition("/")[0]
