"""Who acts: each call of the rehearsal is made with the role that makes it on AWS."""

from dataclasses import dataclass
from typing import Any, Self

import naming
from local.clients import Clients
from ops.connection import assumed_credentials

SESSION_NAME = "rehearsal"


@dataclass(frozen=True, kw_only=True, slots=True)
class Principal:
    """A role's session in the local cloud, or its account's root user."""

    clients: Clients
    # As boto3 names its arguments; empty for the root user.
    credentials: dict[str, str]

    @classmethod
    def root(cls, clients: Clients) -> Self:
        return cls(clients=clients, credentials={})

    def client(self, service: str, region: str) -> Any:  # boto3 has no types
        return self.clients.session(region).client(service, **self.credentials)

    def assume(self, role_arn: str) -> "Principal":
        """Assume a role whose trust policy names this principal; return the role's session."""
        sts = self.client("sts", naming.PRIMARY)
        credentials = assumed_credentials(sts, role_arn, SESSION_NAME)
        return Principal(clients=self.clients, credentials=credentials)

    @property
    def access_key(self) -> str:
        """Return the session's access key, empty for the root user."""
        return self.credentials.get("aws_access_key_id", "")

    def variables(self) -> dict[str, str]:
        """Return the session as environment variables."""
        return {name.upper(): value for name, value in self.credentials.items()}
