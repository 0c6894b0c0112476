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
    def without(self, action: str, resource: str = "") -> Iterator[None]:
        """Take ``action`` away until the block ends.

        With ``resource`` only on resources whose ARN has that in it, and all else of their
        statement with it.
        """
        deployed = self._documents()
        assert action in self.actions(), f"{self.name} has no {action} to take away"
        try:
            cut = {
                name: _without(document, action, resource) for name, document in deployed.items()
            }
            self._put(cut)
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


def _without(document: Document, action: str, resource: str) -> Document:
    cut = _without_resource if resource else _without_action
    statements = [cut(statement, action, resource) for statement in document["Statement"]]
    left = [each for each in statements if each["Action"] and each["Resource"]]
    return {**document, "Statement": left}


def _without_action(statement: Document, action: str, _resource: str) -> Document:
    return {**statement, "Action": [a for a in _listed(statement["Action"]) if a != action]}


def _without_resource(statement: Document, action: str, resource: str) -> Document:
    if action not in _listed(statement["Action"]):
        return statement
    left = [each for each in _listed(statement["Resource"]) if resource not in each]
    return {**statement, "Resource": left}


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]
