"""Redriving what the stream consumer gave up on: its changes are announced, with the same ids."""

from collections.abc import Callable, Sequence

from ops.redriving.announcing import Announcement, announce
from ops.redriving.causes import Cause, Fate, Outcome, is_wanted, shape
from ops.redriving.drain import Handled
from ops.redriving.failed_batch import NO_BATCH, FailedBatch, NoBatchError, read
from ops.redriving.late_changes import late_changes
from ops.redriving.letters import Letter
from ops.redriving.stream_reader import GoneError, changes
from ops.region import Region

NOT_ANNOUNCED, NOT_READABLE, REFUSED = "NOT_ANNOUNCED", "CHANGE_NOT_READABLE", "NOT_PUBLISHED"
FROM_TABLE = "the stream no longer had these changes: announced as the table has them now"


class FailedBatches:
    """The failed batches of a region; ``pace`` is called before each invocation.

    Those that the stream no longer has are deferred, because they need one reading of the table,
    which looks for files put up to ``look_back_hours`` before.
    """

    def __init__(
        self, region: Region, *, only: str, pace: Callable[[], object], look_back_hours: int
    ) -> None:
        self._region = region
        self._only = only
        self._pace = pace
        self._look_back_hours = look_back_hours

    def examine(self, letter: Letter) -> tuple[Cause, str]:
        """Return why a letter is there, and the place in the stream that it names."""
        try:
            batch = read(self._region, letter)
        except NoBatchError as error:
            return Cause(NO_BATCH, "", shape(str(error))), ""
        return Cause(NOT_ANNOUNCED, "", batch.why), _place(batch)

    def redrive(self, letter: Letter) -> Outcome:
        """Announce the changes of a batch, unless its cause is not wanted."""
        cause, place = self.examine(letter)
        if not is_wanted(cause, self._only):
            return Outcome(Fate.LEFT, cause, place)
        if cause.code == NO_BATCH:
            return Outcome(Fate.QUARANTINED, cause)
        try:
            found = changes(self._region, read(self._region, letter))
            return _outcome(announce(self._region, found, self._pace), cause, place)
        except GoneError:
            return Outcome(Fate.DEFERRED, cause, place)

    def redrive_late(self, deferred: Sequence[Handled]) -> Outcome:
        """Announce what the table has of the batches that the stream no longer has."""
        batches = [read(self._region, letter) for letter, _ in deferred]
        found = late_changes(self._region, batches, self._look_back_hours)
        outcome = _outcome(announce(self._region, found, self._pace), Cause(NOT_ANNOUNCED), "")
        return outcome._replace(note=outcome.note or FROM_TABLE)


def _outcome(done: Announcement, cause: Cause, place: str) -> Outcome:
    if done.error or done.refused:
        note = done.error or f"the event bus refuses the change {done.first}"
        return Outcome(Fate.STAYS, cause, place, Cause(REFUSED, "", shape(note)), note)
    if done.unreadable:
        note = f"no event can be made of the change {done.first}"
        return Outcome(Fate.QUARANTINED, cause, place, Cause(NOT_READABLE, "", shape(note)), note)
    return Outcome(Fate.THROUGH, cause, place)


def _place(batch: FailedBatch) -> str:
    return f"{batch.shard} {batch.first}..{batch.last}"
