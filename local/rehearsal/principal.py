"""Roles: the rehearsal makes each call with the role that makes it on AWS."""

from dataclasses import dataclass
from typing import Any, Self

from local.clients import Clients
from naming import PRIMARY
from ops.connection import assumed_credentials

SESSION_NAME = "rehearsal"


@dataclass(frozen=True, kw_only=True, slots=True)
class Principal:
    """A role's session in the local cloud, or the account's root user."""

    clients: Clients
    # By the names of boto3's arguments; empty for the root user.
    credentials: dict[str, str]

    @classmethod
    def root(cls, clients: Clients) -> Self:
        return cls(clients=clients, credentials={})

    def client(self, service: str, region: str) -> Any:  # boto3 has no types
        return self.clients.session(region).client(service, **self.credentials)

    def assume(self, role_arn: str) -> "Principal":
        """Return a session of the role, whose trust policy must name this principal."""
        sts = self.client("sts", PRIMARY)
        credentials = assumed_credentials(sts, role_arn, SESSION_NAME)
        return Principal(clients=self.clients, credentials=credentials)

    @property
    def access_key(self) -> str:
        """Empty for the root user."""
        return self.credentials.get("aws_access_key_id", "")

    def variables(self) -> dict[str, str]:
        """Return the session as environment variables."""
        return {name.upper(): value for name, value in self.credentials.items()}
