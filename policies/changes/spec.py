"""What CloudFormation replaces, by the resource model that the CDK command line itself carries."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

MODEL = Path(__file__).resolve().parents[2] / "node_modules" / "aws-cdk" / "db.json.gz"

# Others subscribe to these, or replay from them: a new one of the same name is not the same.
ALSO_STATEFUL = ("AWS::SNS::Topic", "AWS::Events::EventBus", "AWS::Events::Archive")
# CloudFormation refuses these in place, which the model doesn't say: what's wanted is another key.
ALSO_REPLACED = {"AWS::KMS::Key": ("KeySpec", "KeyUsage", "MultiRegion", "Origin")}
# A custom resource of another provider is another resource.
OF_CUSTOM_RESOURCES = "ServiceToken"


class Replacement(StrEnum):
    NO = "no"
    MAYBE = "maybe"
    YES = "yes"


class SpecError(Exception):
    """The model is absent or has another shape; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Spec:
    """Which types hold state, and which of each type's properties can't change in place."""

    stateful: frozenset[str]
    replacing: Mapping[str, Mapping[str, Replacement]]

    @classmethod
    def load(cls, model: Path = MODEL) -> Self:
        """Read the model; raise ``SpecError`` when it can't be read."""
        try:
            resources = json.loads(gzip.decompress(model.read_bytes()))["schema"]["resource"]
            return cls.of(resources["entities"])
        except FileNotFoundError:
            raise SpecError(f"{model} is missing; install it: make setup") from None
        except (KeyError, TypeError) as error:
            raise SpecError(f"{model} has another shape than policies/changes reads") from error

    @classmethod
    def of(cls, resources: list[Mapping[str, Any]]) -> Self:
        told = {entry["cloudFormationType"]: _replacing(entry) for entry in resources}
        also = {
            type_: told.get(type_, {}) | dict.fromkeys(names, Replacement.YES)
            for type_, names in ALSO_REPLACED.items()
        }
        stateful = {entry["cloudFormationType"] for entry in resources if entry.get("isStateful")}
        return cls(stateful=frozenset(stateful | {*ALSO_STATEFUL}), replacing=told | also)

    def replacement(self, type_: str, property_: str) -> Replacement:
        if type_ not in self.replacing and property_ == OF_CUSTOM_RESOURCES:
            return Replacement.YES
        return self.replacing.get(type_, {}).get(property_, Replacement.NO)


def _replacing(entry: Mapping[str, Any]) -> dict[str, Replacement]:
    return {
        name: Replacement(value["causesReplacement"])
        for name, value in entry["properties"].items()
        if value.get("causesReplacement")
    }
