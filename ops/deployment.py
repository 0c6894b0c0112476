"""Both regions of the product at once, or the one that is left.

A region that is lost may refuse every call, hang, or answer with what is no longer true. So it is
not asked at all: the session itself refuses to make a client for it.
"""

import threading
from typing import Any

import naming
from ops.errors import RefusedError
from ops.region import Region


class Deployment:
    """The regions of the product, accessed with one session's credentials.

    ``lost`` names the region that no call may go to, if there is one. A region's stack is read on
    first use. Threads may share a deployment.
    """

    def __init__(self, session: Any, lost: str | None = None) -> None:
        self.lost = lost
        self.session: Any = SurvivingSession(session, lost) if lost else session
        self._found: dict[str, Region] = {}
        self._finding = threading.Lock()

    def region(self, name: str) -> Region:
        """Return a region, with all outputs of its stack.

        Raises:
            RefusedError: it is the lost one.

        """
        with self._finding:
            if name not in self._found:
                self._found[name] = Region.find(self.session, name)
            return self._found[name]

    @property
    def surviving(self) -> tuple[Region, ...]:
        """Return the regions that are not lost, the primary first."""
        return tuple(self.region(name) for name in naming.REGIONS if name != self.lost)


class SurvivingSession:
    """A session that makes no client for one region, whoever asks for it."""

    def __init__(self, session: Any, lost: str) -> None:
        self._session = session
        self._lost = lost

    @property
    def region_name(self) -> str:
        """Return the region of clients for which none is named."""
        return str(self._session.region_name)

    def client(self, service: str, region_name: str | None = None, **options: Any) -> Any:
        """Return a client as the session does.

        Raises:
            RefusedError: it would talk to the lost region.

        """
        if (region_name or self.region_name) == self._lost:
            raise RefusedError(f"{self._lost} is given up as lost; no {service} call goes to it")
        return self._session.client(service, region_name=region_name, **options)
