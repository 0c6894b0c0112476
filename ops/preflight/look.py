"""Reading calls with the credentials of each account, and the commands a person may run there."""

import shlex
import threading
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from ops.connection import PROMPT
from ops.preflight.plan import Site
from ops.status.reasons import is_absent


class Look:
    """Reads with one session an account; ``profiles`` are the names that commands are given.

    Threads may share it. A call gives up on a service that hangs within about a minute.
    """

    def __init__(self, sessions: Mapping[str, Any], profiles: Mapping[str, str]) -> None:
        self._sessions = sessions
        self._profiles = profiles
        self._clients: dict[tuple[Site, str], Any] = {}
        self._making = threading.Lock()  # a session must not be used by two threads at once

    def client(self, site: Site, service: str) -> Any:
        """Return a boto3 client; ``KeyError`` for an account without a session."""
        with self._making:
            if (site, service) not in self._clients:
                self._clients[site, service] = self._sessions[site.account].client(
                    service, region_name=site.region, config=PROMPT
                )
            return self._clients[site, service]

    def ask(self, site: Site, service: str, operation: str, **arguments: Any) -> Any:
        """Return the answer of a call that reads, or ``None`` if what it is about is not there.

        Every other failure is raised: it is no sign that there is nothing.
        """
        try:
            return getattr(self.client(site, service), operation)(**arguments)
        except ClientError as error:
            if is_absent(error):
                return None
            raise

    def pages(
        self, site: Site, service: str, operation: str, key: str, **arguments: Any
    ) -> list[Any]:
        """Return the elements under ``key`` of all pages of a list."""
        pages = self.client(site, service).get_paginator(operation).paginate(**arguments)
        return [each for page in pages for each in page.get(key, ())]

    def command(self, site: Site, *words: str, region: str = "") -> str:
        """Return a command of the AWS CLI for this account and region, quoted for a shell."""
        return shlex.join(
            ["aws", *words, "--region", region or site.region, *self.profile(site.account)]
        )

    def profile(self, account: str) -> tuple[str, ...]:
        """Return the option with which a command gets the credentials of an account."""
        name = self._profiles.get(account)
        return ("--profile", name) if name else ()

    def accounts(self) -> frozenset[str]:
        """Return the accounts that there are credentials of."""
        return frozenset(self._sessions)
