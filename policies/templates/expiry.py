"""Expiry: what a table or a bucket deletes by itself because of its age."""

from collections.abc import Iterator

from policies.templates.template import Resource, as_list, as_text

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
    """Yield each expiry as text, equal for equal settings; nothing for a store without one."""
    if store.type in TABLES:
        ttl = store.properties.get("TimeToLiveSpecification", {})
        if ttl and ttl.get("Enabled") not in OFF:
            yield f"items expire by {as_text(ttl.get('AttributeName'))}"
    elif store.type == BUCKET:
        for rule in as_list(store.properties.get("LifecycleConfiguration", {}).get("Rules")):
            if rule.get("Status") != "Disabled":
                below = f" below {as_text(rule['Prefix'])}" if rule.get("Prefix") else ""
                for key in OF_OBJECTS:
                    if key in rule:
                        yield f"{key} is {as_text(rule[key])}{below}"
