"""What differs between the sources here and the base's: commits, files by kind, texts, packages.

The base is a commit, or what is deployed. Of that, the pipeline has kept the sources as they came
from the repository (``review/pipeline_sources.py``).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, TypeAlias

from policies import patterns
from policies.changes.differences import differences
from policies.changes.documents import Pair
from policies.changes.guards import TESTS
from policies.changes.kinds import check_skipped, test_rewritten
from policies.changes.packages import SETTINGS
from policies.changes.update import Update

# Returns the text of a file in the repository; empty if there is none.
Read: TypeAlias = Callable[[str], str]
# Who must review each file.
OWNERS = ".github/CODEOWNERS"
KINDS: Mapping[str, Sequence[str]] = patterns.beside(__file__)
# Of code that guards the gates or is deployed: a comment that silences a tool; what acts at import.
UNSEEN = ("looks away", "at import")
# Of an edit of a test module, only what is a finding is told, by its first lines.
OF_TESTS = {"rewritten": test_rewritten.check, "skipped": check_skipped.check}
CONTEXT_LINES, MOST_LINES = 2, 120


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """The base's sources: ``read`` returns its texts, ``changed`` are the files that differ.

    ``commits`` are those since ``base``, newest first. ``guards`` is what guards the gates, before
    and after. ``unknown`` says why nothing of all this is known, ``files_unknown`` why no file is.
    """

    base: str = ""
    commits: Sequence[Mapping[str, str]] = ()
    changed: Collection[str] = ()
    read: Read | None = None
    guards: Pair | None = None
    unknown: str = ""
    files_unknown: str = ""


def read_in(folder: Path, name: str) -> str:
    """Return the text of a file in a folder; empty if there is none."""
    file = folder / name
    return file.read_text(errors="replace") if file.is_file() else ""


def described(sources: Sources, read: Read) -> Mapping[str, Any]:
    """Return as JSON data how the sources that ``read`` reads differ from the base's."""
    changed, files = sorted(sources.changed), dict[str, list[str]]()
    for file in changed:
        kinds = (kind for kind, any_of in KINDS.items() if any(fnmatch(file, of) for of in any_of))
        files.setdefault(next(kinds), []).append(file)
    owners = [line[1:].split(maxsplit=1) for line in read(OWNERS).splitlines() if line[:1] == "/"]
    owned = {file: who for file in changed for at, who in owners if file.startswith(at)}
    return {
        "unknown": sources.unknown,
        "files_unknown": sources.unknown or sources.files_unknown,
        "base": sources.base,
        "commits": [dict(each) for each in sources.commits],
        "files": [{"kind": kind, "files": files[kind]} for kind in KINDS if kind in files],
        "code": [*_differences(sources, read, files.get("functions", ()))],
        "guards": {
            "owners": sorted({*owned.values()}),
            "files": [*_differences(sources, read, owned)],
            "checks": [*_checks(sources.guards)] if sources.guards else [],
        },
    }


def changed_lines(before: str, after: str) -> list[str]:
    """Return the lines in which two texts differ, with a few around them."""
    both = (before.splitlines(), after.splitlines())
    return [*unified_diff(*both, n=CONTEXT_LINES, lineterm="")][2:]


def _differences(sources: Sources, read: Read, files: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """Yield files with the lines in which they differ from the base's."""
    if sources.read is None:
        return
    for file in files:
        before, after = sources.read(file), read(file)
        lines = changed_lines(before, after)
        yield {
            "file": file,
            "state": "added" if not before else "changed" if after else "removed",
            "more": sum(line[:1] == "+" for line in lines),
            "less": sum(line[:1] == "-" for line in lines),
            "lines": lines[:MOST_LINES],
            "left_out": max(0, len(lines) - MOST_LINES),
        }


def _checks(guards: Pair) -> Iterator[Mapping[str, Any]]:
    """Yield rules, kinds, scans and tests that come or go, and code that they no longer look at."""
    update = Update(before=guards[0], after=guards[1], changes=())
    for each in differences(update):
        part, *names = each.where
        state = "new" if each.before is None else "gone" if each.after is None else "changed"
        if part == "checks" or (part == TESTS and state != "changed"):
            yield {"state": state, "name": " ".join(each.where)}
        elif part in UNSEEN and each.after:  # a new file that silences nothing has none
            yield {"state": part, "name": " ".join(names)}
    for state, check in OF_TESTS.items():
        for found in check(update):
            lines = found.message.splitlines()[1:]
            named = "; ".join(each.strip() for each in lines if not each.startswith(" " * 8))
            yield {"state": state, "name": f"{found.source}: {named}"}


def packages(guards: Pair | None) -> Mapping[str, Any]:
    """Compare the packages in the lock files by name; several versions of one are told together.

    One that comes has nothing ``before``, one that goes nothing ``after``.
    """
    before, now = (_versions(each.template["packages"]) for each in guards) if guards else ({}, {})
    differ = sorted(name for name in now | before if now.get(name) != before.get(name))
    return {
        "components": len(now),
        "changed": [
            {"name": name, "before": before.get(name, ""), "after": now.get(name, "")}
            for name in differ
        ],
    }


def _versions(locked: Mapping[str, Mapping[str, Mapping[str, str]]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for name, files in locked.items():
        for file, entry in files.items() if name != SETTINGS else ():
            told = ("npm:" if file.endswith(".json") else "") + name.rpartition("node_modules/")[2]
            known = (said for key, said in entry.items() if key.startswith("locked"))
            found.setdefault(told, set()).update(said.partition(" ")[0] for said in known)
    return {name: ", ".join(sorted(versions)) for name, versions in found.items()}
