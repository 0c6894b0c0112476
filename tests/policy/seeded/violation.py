"""What a violation is, and the ways to plant one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import aws_cdk as cdk

REGIONS = ("us-east-1", "us-west-2")
EAST, WEST = REGIONS
STATEMENT = {"Effect": "Allow", "Resource": "*"}
Plant: TypeAlias = Callable[[cdk.CfnResource], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """``at`` is the construct below the region's stack, ``found_at`` what the gate names.

    What is ``in_pipeline`` is planted in the pipeline's own stack instead.
    """

    what: str
    at: str
    plant: Plant
    rule: str
    says: str = ""
    found_at: str = ""
    regions: Sequence[str] = REGIONS
    in_pipeline: bool = False

    @property
    def place(self) -> str:
        return self.found_at or self.at


def put(path: str, value: object) -> Plant:
    return lambda resource: resource.add_property_override(path, value)


def drop(path: str) -> Plant:
    return lambda resource: resource.add_property_deletion_override(path)


def say(statement: Mapping[str, Any], document: str = "PolicyDocument", at: int = 9) -> Plant:
    """One more statement of a document, by a raw override; ``at`` is one that is free."""
    return put(f"{document}.Statement.{at}", {**STATEMENT, **statement})


def new(id_: str, type_: str, **properties: object) -> Plant:
    """A resource that the packs take for none they know."""

    def plant(resource: cdk.CfnResource) -> None:
        cdk.CfnResource(resource.stack, id_, type=type_, properties=properties)

    return plant
