"""Redriving one dead letter: its event goes to the processor again, and the ledger decides.

The absence of an error decides nothing: a run may leave a file to others, and one that fails may
have completed all the files of its event but one.
"""

from collections.abc import Callable, Sequence

from ops import dead_letters
from ops.dead_letters import Event
from ops.redriving.causes import Cause, Fate, Outcome, is_wanted, shape
from ops.redriving.invocation import NeverTakenError, NotNowError, invoked
from ops.redriving.letters import Letter
from ops.redriving.named_files import (
    FAILED,
    Named,
    NamedFile,
    cause_of,
    example_of,
    look,
)
from ops.region import Region
from services.processor.runtime.intake.event import ObjectRef

NEVER_TAKEN = "NOT_TAKEN_BY_LAMBDA"
# A run ends without an error and without an end of the file if it leaves the rest to others.
OTHERS_GO_ON = "the file is being processed elsewhere: redrive again when that has ended"


def examine(region: Region, letter: Letter) -> tuple[Cause, str]:
    """Return why a letter is there, and the first file that it names."""
    named = dead_letters.object_refs(dead_letters.saved_event(letter.message))
    return cause_of(named, look(region, named), letter.reason), example_of(named)


def redrive(
    region: Region, letter: Letter, *, only: str = "", pace: Callable[[], object]
) -> Outcome:
    """Process the files of a letter until they are completed, or no run gets any further.

    A letter whose cause is not ``only`` is left alone. ``pace`` is called before each invocation.
    """
    event = dead_letters.saved_event(letter.message)
    named = dead_letters.object_refs(event)
    files = look(region, named)
    cause, example = cause_of(named, files, letter.reason), example_of(named)
    if not is_wanted(cause, only):
        return Outcome(Fate.LEFT, cause, example)
    if not files:
        return Outcome(Fate.QUARANTINED, cause, example)
    while True:
        pace()
        try:
            error = _invoke(region, event)
        except NeverTakenError as refusal:
            after = Cause(NEVER_TAKEN, cause.dataset, shape(str(refusal)))
            return Outcome(Fate.QUARANTINED, cause, example, after)
        before, files = files, look(region, named)
        if not error or not _goes_on(before, files):
            fate = _fate(named, files)
            after = cause_of(named, files, error or letter.reason)
            note = "" if fate is Fate.THROUGH else error or OTHERS_GO_ON
            return Outcome(fate, cause, example, after, note)


def _goes_on(before: Sequence[NamedFile], files: Sequence[NamedFile]) -> bool:
    """Return whether another run is worth it: a file is not ended, and the last one got further."""
    is_ended = all(file.is_done or file.status == FAILED for file in files)
    got_further = [file.progress for file in before] != [file.progress for file in files]
    return got_further and not is_ended


def _fate(named: Named, files: Sequence[NamedFile]) -> Fate:
    if any(not file.is_done and file.status != FAILED for file in files):
        return Fate.STAYS
    is_whole = all(isinstance(each, ObjectRef) for each in named)
    return Fate.THROUGH if is_whole and all(file.is_done for file in files) else Fate.QUARANTINED


def _invoke(region: Region, event: Event) -> str:
    """Return the processor's error message, or that of a call that failed for the moment."""
    try:
        return invoked(lambda: dead_letters.reprocess(region, event))
    except NotNowError as error:
        return str(error)
