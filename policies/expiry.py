"""What a store deletes by itself, by its age."""

from collections.abc import Iterator

from policies.template import Resource, flat, listed

TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
BUCKET = "AWS::S3::Bucket"
OF_OBJECTS = (
    "ExpirationInDays",
    "ExpirationDate",
    "NoncurrentVersionExpiration",
    "NoncurrentVersionExpirationInDays",
)
OFF = (False, "false")


def expiries(store: Resource) -> Iterator[str]:
    """Each in words that differ where it does; nothing of a resource that keeps all it has."""
    if store.type in TABLES:
        ttl = store.properties.get("TimeToLiveSpecification", {})
        if ttl and ttl.get("Enabled") not in OFF:
            yield f"items expire by {flat(ttl.get('AttributeName'))}"
    elif store.type == BUCKET:
        for rule in listed(store.properties.get("LifecycleConfiguration", {}).get("Rules")):
            if rule.get("Status") != "Disabled":
                yield from (f"{key} is {flat(rule[key])}" for key in OF_OBJECTS if key in rule)
