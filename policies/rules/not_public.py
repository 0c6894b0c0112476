"""Nothing is public: no bucket, function, resource policy or role."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies import patterns
from policies.finding import Finding, at
from policies.templates import statements
from policies.templates.template import Resource, StackTemplate, has_wildcard, resources

BUCKET, URL = "AWS::S3::Bucket", "AWS::Lambda::Url"
TABLE = patterns.beside(__file__)
REMEDY, PERMISSIONS = TABLE["remedy"], TABLE["permissions"]


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for resource in resources(stacks, BUCKET, URL, *PERMISSIONS):
        yield from (at(resource, opening) for opening in _openings(resource))
    for statement in statements.of(*resources(stacks), trust=True):
        if statement.allows and _is_public(statement.body):
            yield at(statement.owner, f"allows everyone: {statement}", exact=str(statement))


def _openings(resource: Resource) -> Iterator[str]:
    properties = resource.properties
    if resource.type == BUCKET:
        blocked = properties.get("PublicAccessBlockConfiguration", {})
        if missing := [name for name in TABLE["bucket"]["blocks"] if blocked.get(name) is not True]:
            yield f"the bucket can be made public: not {', '.join(missing)}"
    elif resource.type == URL and properties.get("AuthType") != "AWS_IAM":
        yield "anyone may call the function by its URL"
    elif properties.get("Principal") == "*":
        yield f"anyone may {PERMISSIONS[resource.type]}"


def _is_public(body: Mapping[str, Any]) -> bool:
    """Return whether everyone has access, in any notation, without a condition on the source."""
    named = statements.principals(body)
    wide = any(has_wildcard(who) or who.startswith(statements.NOT) for who in named)
    return wide and not any(map(_binds, statements.conditions(body)))


def _binds(condition: statements.Condition) -> bool:
    """Return whether a key limits the request to a source without wildcards."""
    operator, key, values = condition
    binding = TABLE["binding"]
    is_binding = operator in binding["operators"] and key.lower() in binding["keys"]
    return is_binding and bool(values) and not any(map(has_wildcard, values))
