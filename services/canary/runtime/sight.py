"""What the canary sees of both regions, and what that says."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.aws_client.errors import AwsClientError


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """Ages in seconds of the two signs of life in this region's table; ``None`` is not known.

    The other region's table has this region's sign of life of ``behind_s`` seconds ago, and answers
    or does not. ``problems`` are what reading either region's table led to, in words.
    """

    is_readable: bool
    own_age_s: float | None
    peer_age_s: float | None
    behind_s: float | None
    peer_answers: bool | None
    fresh_for_s: int
    problems: Mapping[str, str]

    @property
    def has_stopped(self) -> bool:
        """Return whether no file of this region's canary has been stored for too long."""
        return self.is_readable and not self._is_fresh(self.own_age_s)

    @property
    def peer_is_alive(self) -> bool | None:
        """Return whether the other region's sign of life is fresh and its table answers.

        Its table need not answer if that is not known: with two accounts it may not be read.
        ``None``: this region's own table could not be read, so nothing is known.
        """
        if self.peer_answers is False:
            return False
        return self._is_fresh(self.peer_age_s) if self.is_readable else None

    def _is_fresh(self, age_s: float | None) -> bool:
        return age_s is not None and age_s <= self.fresh_for_s


def tells_nothing(error: AwsClientError) -> bool:
    """Return whether an error says nothing of the region: this function may not ask it.

    A region without the table, or one that fails or is out of reach, is another matter.
    """
    return not error.is_transient and error.code != "ResourceNotFoundException"
