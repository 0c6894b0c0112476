"""Clients that give up soon, so that a region that hangs does not keep many threads for long.

It is the limit of a look that keeps the screen from waiting. A region that is only slow answers
after that, for the next look.
"""

import threading
from typing import Any

from botocore.config import Config

CONNECT_S = 2
READ_S = 15
# Of each client: as many as the questions that use it at the same time.
_CONNECTIONS = 16


class ImpatientSession:
    """A session whose clients try once more at most, and wait for half a minute in all."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._making = threading.Lock()  # a session must not be used by two threads at once

    @property
    def region_name(self) -> str:
        """Return the region of clients for which none is named."""
        return str(self._session.region_name)

    def client(self, service: str, region_name: str | None = None, **options: Any) -> Any:
        """Return a client as the session does, with short timeouts."""
        impatient = Config(
            connect_timeout=CONNECT_S,
            read_timeout=READ_S,
            retries={"mode": "standard", "total_max_attempts": 2},
            max_pool_connections=_CONNECTIONS,
        )
        given = options.pop("config", None)
        config = given.merge(impatient) if given else impatient
        with self._making:
            return self._session.client(service, region_name=region_name, config=config, **options)
