"""Every bucket, queue and topic refuses requests without TLS."""

from collections.abc import Iterator, Mapping, Sequence

from policies import patterns
from policies.finding import Finding, at
from policies.templates import statements
from policies.templates.template import Resource, StackTemplate, refers_to, resources

REMEDY = "deny requests without TLS in the resource's policy (enforce_ssl=True)"
STORES: Mapping[str, tuple[str, str]] = patterns.beside(__file__)
PLAIN_HTTP = {"Bool": {"aws:SecureTransport": "false"}}


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for store in resources(stacks, *STORES):
        if not _refuses_plain_http(store):
            yield at(store, f"{store.type} accepts requests without TLS")


def _refuses_plain_http(store: Resource) -> bool:
    policy_type, actions = STORES[store.type]
    return any(
        statement.body["Effect"] == "Deny"
        and statement.body.get("Condition") == PLAIN_HTTP
        and statement.body.get("Principal") in ("*", {"AWS": "*"})
        and actions in statement.actions
        and refers_to(statement.body.get("Resource"), store.logical_id)
        for statement in statements.of(*store.stack.resources(policy_type))
    )
