"""Which properties make CloudFormation replace a resource, by the CDK command line's own model."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Self

from policies import patterns
from policies.command_line import Undetermined

MODEL = Path(__file__).resolve().parents[2] / "node_modules" / "aws-cdk" / "db.json.gz"

# What the model does not say.
ALSO = patterns.beside(__file__)
# A custom resource with another provider is another resource.
PROVIDER = "ServiceToken"


class Replacement(StrEnum):
    """Whether CloudFormation replaces a resource when a property changes."""

    NO = "no"
    MAYBE = "maybe"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Spec:
    """The stateful types, and the properties of each type that cannot change in place."""

    stateful: frozenset[str]
    replacing: Mapping[str, Mapping[str, Replacement]]

    @classmethod
    @cache
    def load(cls, model: Path = MODEL) -> Self:
        """Read the model, once in a process; raise ``Undetermined`` if that is not possible."""
        try:
            resources = json.loads(gzip.decompress(model.read_bytes()))["schema"]["resource"]
            return cls.of(resources["entities"])
        except FileNotFoundError:
            raise Undetermined(f"{model} is missing; install it: make setup") from None
        except (KeyError, TypeError) as error:
            raise Undetermined(
                f"{model} has another shape than policies/changes expects"
            ) from error

    @classmethod
    def of(cls, resources: list[Mapping[str, Any]]) -> Self:
        """Build the specification from the entries of the model."""
        listed = {
            entry["cloudFormationType"]: {
                name: Replacement(value["causesReplacement"])
                for name, value in entry["properties"].items()
                if value.get("causesReplacement")
            }
            for entry in resources
        }
        also = {
            type_: listed.get(type_, {}) | dict.fromkeys(names, Replacement.YES)
            for type_, names in ALSO["replaced"].items()
        }
        stateful = {entry["cloudFormationType"] for entry in resources if entry.get("isStateful")}
        stateful.update(ALSO["stateful"], ALSO["addressed"])
        return cls(stateful=frozenset(stateful), replacing=listed | also)

    def replacement(self, type_: str, property_: str) -> Replacement:
        """Return the effect of changing the property; NO if the model does not know it."""
        if type_ not in self.replacing and property_ == PROVIDER:
            return Replacement.YES
        return self.replacing.get(type_, {}).get(property_, Replacement.NO)
