"""How one value changes, whatever it is."""

from policies.changes.differences import Difference
from policies.changes.update import KEPT


def comes(difference: Difference) -> bool:
    """Return whether there was no such value."""
    return difference.before is None


def goes(difference: Difference) -> bool:
    """Return whether there is no such value any more."""
    return difference.after is None


def says_nothing(difference: Difference) -> bool:
    """Return whether a text is empty now, as a member of a list is that is told by its key."""
    return bool(difference.after == "")


def grows(difference: Difference) -> bool:
    """Return whether a number becomes greater; it may be written as a text."""
    before, after = difference.before, difference.after
    numbers = str(before).isdecimal() and str(after).isdecimal()
    return numbers and int(before) < int(after)


def is_part_of_known(difference: Difference) -> bool:
    """Return whether this is part of something that the base has, or all of it."""
    return bool(difference.where) or difference.before is not None


def is_kept(difference: Difference) -> bool:
    """Return whether what is removed is kept from now on, and was not before."""
    return difference.after in KEPT and difference.before not in KEPT


def is_not_kept(difference: Difference) -> bool:
    """Return whether what is removed is kept no longer, or can be removed at once."""
    return difference.after not in (*KEPT, True)


def is_member_gone(difference: Difference) -> bool:
    """Return whether a list has one member less."""
    return difference.before == "" and difference.after is None


def is_whole(difference: Difference) -> bool:
    """Return whether something comes or goes as a whole."""
    return None in (difference.before, difference.after)
