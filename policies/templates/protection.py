"""Which resources nobody can delete without lifting a protection first, CloudFormation included."""

from policies.templates.template import Resource, nested

# As tables, databases and load balancers spell it.
PROTECTIONS = ("DeletionProtectionEnabled", "DeletionProtection")


def is_protected(resource: Resource) -> bool:
    """Return whether any part of the resource, such as one replica, is protected."""
    parts = (part for part in nested(resource.properties) if isinstance(part, dict))
    return any(part.get(name) is True for part in parts for name in PROTECTIONS)
