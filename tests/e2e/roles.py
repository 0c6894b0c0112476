"""A deployed role as IAM knows it: what it may do, and the same role with one right less."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from json import dumps
from typing import Any, TypeAlias

Document: TypeAlias = Mapping[str, Any]


class DeniedError(Exception):
    """A call was denied; the message names the missing right."""


@dataclass(frozen=True, slots=True)
class Role:
    iam: Any  # boto3's clients have no types
    arn: str

    @property
    def name(self) -> str:
        return self.arn.rpartition("/")[2]

    def actions(self) -> set[str]:
        """Return every action that its policies name."""
        return {
            action
            for document in self._documents().values()
            for statement in document["Statement"]
            for action in _listed(statement["Action"])
        }

    def may(self, action: str, resource_arn: str) -> bool:
        """Return whether the policies allow a call, by IAM's own simulation."""
        answer = self.iam.simulate_principal_policy(
            PolicySourceArn=self.arn, ActionNames=[action], ResourceArns=[resource_arn]
        )
        return bool(answer["EvaluationResults"][0]["EvalDecision"] == "allowed")

    @contextmanager
    def without(self, action: str) -> Iterator[None]:
        """Take ``action`` away until the block ends."""
        deployed = self._documents()
        assert action in self.actions(), f"{self.name} has no {action} to take away"
        try:
            self._put({name: _without(document, action) for name, document in deployed.items()})
            yield
        finally:
            self._put(deployed)

    def _documents(self) -> dict[str, Document]:
        names = self.iam.list_role_policies(RoleName=self.name)["PolicyNames"]
        found = (self.iam.get_role_policy(RoleName=self.name, PolicyName=name) for name in names)
        return {policy["PolicyName"]: policy["PolicyDocument"] for policy in found}

    def _put(self, documents: Mapping[str, Document]) -> None:
        for name, document in documents.items():
            self.iam.put_role_policy(
                RoleName=self.name, PolicyName=name, PolicyDocument=dumps(document)
            )


def _without(document: Document, action: str) -> Document:
    statements = (
        {**statement, "Action": [each for each in _listed(statement["Action"]) if each != action]}
        for statement in document["Statement"]
    )
    return {**document, "Statement": [each for each in statements if each["Action"]]}


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]
