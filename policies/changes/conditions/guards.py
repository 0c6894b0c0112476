"""What a change of what guards the gates means, by more than its place."""

import re
from collections import Counter
from collections.abc import Mapping

from policies import patterns
from policies.changes.differences import Difference
from policies.scan.tree import WORDS
from policies.templates.template import all_texts

PINNED = re.compile(r"==[\w.!+-]+|[\d.]+")
COMMIT = re.compile(r"[0-9a-f]{40}")
# What names a base, with the base; and what hands on the one that a workflow is given.
BASE = re.compile(r"\bBASE\s*[:?+]?=\s*\S+|--base\b[\s=]+\S+|\S*base_ref|merge-base.*")
GIVEN, HANDED_ON = "'BASE': '${{ inputs.base }}'", 'BASE="$BASE"'
ATTRIBUTES: Mapping[str, str] = patterns.beside(__file__)["attributes"]


def is_less(difference: Difference) -> bool:
    """Return whether something is no longer there, or there is less of it."""
    before, after = difference.before, difference.after
    return after is None or (isinstance(before, int) and isinstance(after, int) and after < before)


def names_a_base(difference: Difference) -> bool:
    """Return whether another base is named, or none where there was one."""
    sides = (difference.before, difference.after)
    before, after = (Counter(BASE.findall("\n".join(all_texts(each)))) for each in sides)
    if GIVEN in str(difference.after):
        del after[HANDED_ON]
    other = difference.after is not None and before != after
    return other or bool(re.search(r"\.(base|BASE)(\.|$)", difference.place))


def is_environment(difference: Difference) -> bool:
    """Return whether a variable reaches the commands: in a Makefile, one that is exported."""
    if not difference.place.startswith("files.Makefile."):
        return True
    texts = f"{difference.place} {difference.before} {difference.after}"
    return "export" in texts or bool(re.search(WORDS["TOOL_VARIABLE"], texts))


def is_attribute(difference: Difference) -> str:
    """Return the lines of a ``.gitattributes`` that come or go, each with what git does by it."""
    old, new = (str(each or "").splitlines() for each in (difference.before, difference.after))
    come = [(f"line {number}", line) for number, line in enumerate(new, 1) if line not in old]
    gone = [("no longer", line) for line in old if line not in new]
    told = [
        f"{at}, {line.strip()}: {_git_does(line)}"
        for at, line in come + gone
        if line.strip() and not line.startswith("#")
    ]
    return "".join(f"\n      {each}" for each in told)


def _git_does(line: str) -> str:
    names = [each.lstrip("-!").partition("=")[0] for each in line.split()[1:]]
    does = [text for of, text in ATTRIBUTES.items() if any(re.fullmatch(of, n) for n in names)]
    return "; ".join(does) or "nothing here looks at what git does by it"


def stands_before(difference: Difference) -> str:
    """Return the modules in a folder that comes, or else the folder."""
    after = difference.after
    folders = after if isinstance(after, dict) else [after or difference.where[-1]]
    known = [*difference.stack.template.get("tests", ()), *difference.stack.template["files"]]
    found = (re.match(rf"{re.escape(each)}/\w+", name) for each in folders for name in known)
    return ", ".join(sorted({each[0] for each in found if each})) or ", ".join(folders)


def is_next_commit(difference: Difference) -> str:
    """Return the repository of an action, if a step uses another commit of the same one."""
    sides = [str(each).partition("@") for each in (difference.before, difference.after)]
    (name, _, old), (same, _, new) = sides
    is_pinned = name == same and all(map(COMMIT.fullmatch, (old, new)))
    return "/".join(name.split("/")[:2]) if is_pinned else ""


def is_rebuilt(difference: Difference) -> str:
    """Return how the hashes begin that a lock takes for the same version since now."""
    return _hashes_beside(difference.after, difference.before)


def is_locked_to_less(difference: Difference) -> str:
    """Return how those begin that it takes no longer, or one of few files of a next version."""
    before, after = (str(e or "").split(" ")[2:] for e in (difference.before, difference.after))
    left = after[0] if len(before) > len(after) == 1 or len(before) > 2 * len(after) > 0 else ""
    return _hashes_beside(difference.before, difference.after) or left


def _hashes_beside(locked: object, other: object) -> str:
    (version, whole, *own), (of, there, *others) = (
        [*str(e).split(" "), ""] for e in (locked, other)
    )
    # Two hashes may begin alike.
    beside = own if sorted(own) == sorted(others) and whole != there else {*own} - {*others}
    return ", ".join(each for each in own if each and each in beside) if version == of else ""


def is_older(difference: Difference) -> str:
    """Return both versions, if one becomes an older one."""
    both = [str(each or "").split(" ")[0] for each in (difference.before, difference.after)]
    before, after = ([int(part) for part in re.findall(r"\d+", each)] for each in both)
    return " -> ".join(both) if before and after and after < before else ""


def is_next_version(difference: Difference) -> bool:
    """Return whether only the version of a package is another one, in a file or in a lock."""
    both = [str(each).split(" ")[0] for each in (difference.before, difference.after)]
    return all(PINNED.fullmatch(each) or re.fullmatch(r"[\w.!+-]+", each) for each in both)


def is_package(difference: Difference) -> bool:
    """Return whether a package comes or goes, pinned if a person asks for it, and no limit."""
    sides = [difference.before, difference.after]
    said = next((each for each in sides if each is not None), "")
    return None in sides and (isinstance(said, dict) or bool(PINNED.fullmatch(said)))
