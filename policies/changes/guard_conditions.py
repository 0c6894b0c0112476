"""The conditions of the classes of what guards the gates, beyond the place."""

import re
from collections.abc import Mapping
from typing import Any

from policies.changes.change_class import Files
from policies.changes.differences import Difference
from policies.commands import PIPE, TOOL_VARIABLE, swallowed

PINNED = re.compile(r"==[\w.!+-]+|[\d.]+")
# What a separate job may say, and the machines it may run on: it has nothing to give away.
SEPARATE = {"name", "needs", "runs-on", "timeout-minutes", "permissions", "steps"}
READS: tuple[Mapping[str, str], ...] = ({}, {"contents": "read"})
RUNNER = re.compile(r"ubuntu-[\d.]+(-arm)?")
WORKFLOWS = ".github/workflows/"
STEP = {"Name", "name", "uses", "with", "run"}
CHECKOUT = re.compile(r"actions/(checkout|setup-python)@[0-9a-f]{40}")
TARGET = {"Name", "needs", "recipe"}
BASE = re.compile(r"\bBASE\b|--base\b|base_ref|merge-base")
AS_BASE = re.compile(r"\.(base|BASE)(\.|$)")
SHELL = re.compile(
    r"\.(SHELL|\.SHELLFLAGS|\w*MAKEFLAGS|MAKE|\.(?!PHONY)[A-Z]+|shell|continue-on-error)(\.is|$|\.)"
)


def is_less(difference: Difference, _files: Files) -> bool:
    """Return whether something is no longer there, or there is less of it."""
    before, after = difference.before, difference.after
    return after is None or (isinstance(before, int) and isinstance(after, int) and after < before)


def is_more(difference: Difference, _files: Files) -> bool:
    """Return whether there is more of something, or there was none of it."""
    before, after = difference.before, difference.after
    return before is None or (isinstance(before, int) and isinstance(after, int) and before < after)


def is_fewer(difference: Difference, files: Files) -> bool:
    """Return whether a comment that silences a tool is there less often, or a file has none."""
    return not difference.after or is_less(difference, files)


def is_added_guard(difference: Difference, _files: Files) -> bool:
    """Return whether a check or a test is new, and decides about no other one."""
    new = difference.after
    is_whole_file = isinstance(new, dict) and not any(new.get("named", {"": "other"}).values())
    return difference.before is None and (new == "" or is_whole_file)


def is_member_gone(difference: Difference, _files: Files) -> bool:
    """Return whether a list has one member less."""
    return difference.before == "" and difference.after is None


def is_member_new(difference: Difference, _files: Files) -> bool:
    """Return whether a list has one member more."""
    return difference.before is None and difference.after == ""


def is_longer(difference: Difference, _files: Files) -> bool:
    """Return whether a number, written as a text, becomes greater."""
    both = (str(difference.before), str(difference.after))
    return all(map(str.isdecimal, both)) and int(both[0]) < int(both[1])


def is_separate_target(difference: Difference, _files: Files) -> bool:
    """Return whether a target is new and does nothing unless it is called by its name."""
    new = difference.after
    return difference.before is None and new.keys() <= TARGET


def is_separate_job(difference: Difference, _files: Files) -> bool:
    """Return whether a job is new, on a machine of its own, and may only read the code."""
    job = difference.after
    return (
        difference.before is None
        and isinstance(job, dict)
        and job.keys() <= SEPARATE
        and bool(RUNNER.fullmatch(str(job.get("runs-on"))))
        and job.get("permissions") in READS
        and all(_is_plain_step(step) for step in job.get("steps", ()))
    )


def _is_plain_step(step: Any) -> bool:
    known = isinstance(step, dict) and step.keys() <= STEP and "${{" not in str(step)
    return known and bool(CHECKOUT.fullmatch(step.get("uses", "actions/checkout@" + 40 * "0")))


def is_added_step(difference: Difference, files: Files) -> bool:
    """Return whether a step, a job or a workflow is new, and is not a job of its own."""
    new = isinstance(difference.after, dict) and difference.before is None
    return new and not is_separate_job(difference, files)


def names_a_base(difference: Difference, _files: Files) -> bool:
    """Return whether the difference is in what names the base of a comparison."""
    before, after = _lines(difference.before), _lines(difference.after)
    other = after - before if None in (difference.before, difference.after) else before ^ after
    named = any(BASE.search(line) for line in other)
    return named or bool(AS_BASE.search(difference.place))


def swallows_status(difference: Difference, _files: Files) -> bool:
    """Return whether a command now swallows its status, or the shell that runs all is another."""
    new = "\n".join(sorted(_lines(difference.after) - _lines(difference.before)))
    return bool(
        SHELL.search(difference.place)
        or any(swallowed(new))
        or (WORKFLOWS in difference.place and PIPE.search(new))
        or "'continue-on-error': 'true'" in str(difference.after)
    )


def is_environment(difference: Difference, _files: Files) -> bool:
    """Return whether a variable reaches the commands: in a Makefile, one that is exported."""
    if not difference.place.startswith("files.Makefile."):
        return True
    texts = f"{difference.place} {difference.before} {difference.after}"
    return "export" in texts or bool(TOOL_VARIABLE.search(texts))


def _lines(value: object) -> set[str]:
    """Return every line of every text in ``value``."""
    match value:
        case dict():
            return {line for part in value.values() for line in _lines(part)}
        case list():
            return {line for part in value for line in _lines(part)}
        case str():
            return {*value.splitlines()}
        case _:
            return set()


def is_rebuilt(difference: Difference, _files: Files) -> bool:
    """Return whether the version is the same and its hashes are not."""
    before, after = (str(each).split(" ") for each in (difference.before, difference.after))
    return len(before) == len(after) == 2 and before[0] == after[0]  # noqa: PLR2004


def is_older(difference: Difference, _files: Files) -> bool:
    """Return whether a version becomes an older one."""
    before, after = (_numbers(each) for each in (difference.before, difference.after))
    return bool(before and after) and after < before


def _numbers(locked: object) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", str(locked or "").split(" ")[0])]


def is_new_package(difference: Difference, _files: Files) -> bool:
    """Return whether a package was not there, and is pinned if a person asks for it."""
    new = difference.after
    return difference.before is None and (isinstance(new, dict) or bool(PINNED.fullmatch(new)))


def is_next_version(difference: Difference, _files: Files) -> bool:
    """Return whether only the version of a package is another one, in a file or in a lock."""
    both = [str(each).split(" ")[0] for each in (difference.before, difference.after)]
    return all(PINNED.fullmatch(each) or re.fullmatch(r"[\w.!+-]+", each) for each in both)


def is_whole(difference: Difference, _files: Files) -> bool:
    """Return whether something comes or goes as a whole."""
    return None in (difference.before, difference.after)


def is_package_gone(difference: Difference, _files: Files) -> bool:
    """Return whether a package is no longer there, rather than a restriction of one."""
    before = difference.before
    return difference.after is None and (isinstance(before, dict) or bool(PINNED.fullmatch(before)))
