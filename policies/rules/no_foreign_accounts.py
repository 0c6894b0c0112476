"""Nothing names an account, a bucket or a host that is not the app's: nobody else is let in or fed.

A grant, a trust, a layer, a subscription or a replication reaches another account by its number;
buckets and web addresses have none, so they are told by their names.
"""

import json
import re
from collections.abc import Collection, Iterator, Sequence

import naming
from policies.finding import Finding, at
from policies.templates import statements
from policies.templates.template import Resource, StackTemplate, all_texts, as_text, resources

REMEDY = "name a role, a resource or an account of the app; AWS itself is a service principal"
# Twelve digits inside a longer name, such as a connection's or a bucket's, are no account.
ACCOUNT = re.compile(r"(?<![\w-])\d{12}(?![\w@-])")
BUCKET = re.compile(r"(?:arn:[^:]+:s3:::|s3://)([^/\"]+)")
HOST = re.compile(r"https?://([^/\"?:]+)")
OURS = (f"cdk-{naming.BOOTSTRAP_QUALIFIER}-", "<", "${")
CONSOLE = re.compile(r"[a-z0-9-]+\.console\.aws\.amazon\.com")
# People read them, and nothing acts on them.
WORDS = frozenset({"AlarmDescription", "Description", "DashboardBody"})


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    ours = {stack.account for stack in stacks}
    ours |= {as_text(e.properties.get("BucketName")) for e in resources(stacks, "AWS::S3::Bucket")}
    for resource in resources(stacks):
        for place, value in _said(resource):
            named = {each for text in all_texts(value) for each in _strangers(text, ours)}
            for stranger in sorted(named):
                message = f"names the {stranger}, which is not the app's: {place}"
                yield at(resource, message, exact=f"{stranger}: {place}")


def _said(resource: Resource) -> Iterator[tuple[str, object]]:
    """Yield all that a resource says, each part with its place; a denial feeds nobody."""
    for statement in statements.of(resource, trust=True):
        if statement.allows:
            yield str(statement), statement.body
    said = json.loads(
        json.dumps(resource.properties),
        object_hook=lambda of: {key: part for key, part in of.items() if key != "Statement"},
    )
    yield from ((name, {name: value}) for name, value in said.items() if name not in WORDS)


def _strangers(text: str, ours: Collection[str]) -> Iterator[str]:
    yield from (f"account {number}" for number in ACCOUNT.findall(text) if number not in ours)
    buckets = (name for name in BUCKET.findall(text) if not name.startswith(OURS))
    yield from (f"bucket {name}" for name in buckets if name not in ours)
    yield from (f"host {name}" for name in HOST.findall(text) if not CONSOLE.fullmatch(name))
