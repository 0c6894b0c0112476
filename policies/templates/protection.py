"""Which resources nobody can delete without lifting a protection first, CloudFormation included."""

from collections.abc import Iterator, Mapping

from policies.templates.template import Resource

# As tables, databases and load balancers spell it.
PROTECTIONS = ("DeletionProtectionEnabled", "DeletionProtection")


def is_protected(resource: Resource) -> bool:
    """Return whether any part of the resource, such as one replica, is protected."""
    return any(_settings(resource.properties))


def _settings(node: object) -> Iterator[bool]:
    match node:
        case Mapping():
            for key, value in node.items():
                if key in PROTECTIONS:
                    yield value is True
                else:
                    yield from _settings(value)
        case list():
            for part in node:
                yield from _settings(part)
