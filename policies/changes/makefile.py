"""A Makefile as what it says: its variables, its targets with what they need and do, and the rest.

It is read, not run, and nothing but comments is left out. Every value that stands below a
condition says so, and what make reads at once says which variables have no value yet.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Any, TypeAlias

WORDS = r"(?:(?:export|override|private)\s+)*"
ASSIGNMENT = re.compile(
    rf"(?P<words>{WORDS})(?P<name>[^\s:=?+!#]+)\s*(?P<is>(::?:?|\?|\+|!)?=.*)", re.DOTALL
)
RULE = re.compile(r"(?P<targets>[^\t:=#][^:=]*)(?P<colons>::?)(?!=)(?P<needs>.*)", re.DOTALL)
OPENS, TURNS, CLOSES = ("ifeq", "ifneq", "ifdef", "ifndef"), "else", "endif"
# What no longer runs, as a later rule has a recipe as well.
OVERRIDDEN = "overridden"
# What "make help" shows of a target, and people go by.
HELP = re.compile(r"\s## .*")
# What make doesn't expand as it reads it: a recipe, a comment, and what a variable is by "=".
DEFERRED = re.compile(rf"\t|#|{WORDS}[^\s:=?+!#]+\s*\??=")
USED, RUNS = re.compile(r"(?:\$[({]|ifn?def )([\w.-]+)"), ("SHELL", ".SHELLFLAGS", "PATH")
# A target, a text of its recipe, the line of that, and its rule.
Recipe: TypeAlias = tuple[dict[str, Any], str, int, int]


def read(text: str, lines: MutableMapping[tuple[str, ...], int]) -> dict[str, Any]:
    """Return what the Makefile says; the line of each value goes to ``lines``."""
    variables: dict[str, dict[str, Any]] = {}
    targets: dict[str, dict[str, Any]] = {}
    rest: dict[str, str] = {}
    conditions: list[str] = []
    current: dict[str, Any] = {}
    rule, recipes = 0, list[Recipe]()
    for number, line, said in _read(text):
        under = "".join(f"{each}: " for each in conditions)
        if line.startswith("\t") and current:
            recipes.append((current, f"{under}{line[1:]}", number, rule))
        elif not said or said.startswith("#"):
            continue
        elif said.split()[0].split("(")[0] in (*OPENS, TURNS, CLOSES):
            _turn(conditions, said)
            if said not in (TURNS, CLOSES):  # make works out what it asks, whatever stands below
                _keep(rest, lines, under + said, number)
        elif found := ASSIGNMENT.fullmatch(said):
            name = found["name"]
            says = under + found["words"] + found["is"]
            _say(variables.setdefault(name, {"Name": name}), "is", says)
            lines.setdefault(("variables", name), number)
            current = {}
        elif found := RULE.fullmatch(said):
            name = found["targets"].strip()
            current = targets.setdefault(name, {"Name": name, "needs": {}})
            if told := HELP.search(line):
                _say(current, "help", told[0].strip())
            lines.setdefault(("targets", name), number)
            rule = 0 if conditions else number
            recipes += ((current, each, number, rule) for each in _need(current, found, under))
            needed = ((("targets", name, "needs", each), number) for each in current["needs"])
            lines.update(each for each in needed if each[0] not in lines)
        else:
            _keep(rest, lines, under + said, number)
    _cook(recipes, lines)
    for name in targets:  # which may not be listed as phony where it is
        lines.setdefault(("targets", ".PHONY", "needs", name), lines["targets", name])
    return {"variables": [*variables.values()], "targets": [*targets.values()], "rest": rest}


def _read(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield each statement with its number: whole, and as make has it when it reads it."""
    unset = Counter(_assigned(line) for _, line in statements(text))
    for number, line in statements(text):
        unset[_assigned(line)] -= 1
        yield number, line, _as_read(HELP.sub("", line).strip(), unset)


def _assigned(line: str) -> str:
    found = ASSIGNMENT.fullmatch(HELP.sub("", line).strip())
    return found["name"] if found and not line.startswith("\t") else ""


def _as_read(said: str, unset: Mapping[str, int]) -> str:
    """Return a statement, with the variables that get a value below it if make reads it at once."""
    if DEFERRED.match(said):
        return said
    used = {*USED.findall(said), *(RUNS if "$(shell" in said else ())}
    below = sorted(name for name in used if unset.get(name))
    return f"{said} (before {', '.join(below)})" if below else said


def statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line with its number; one that goes on after a backslash (not two) is one."""
    begun, parts = 0, list[str]()
    for number, line in enumerate([*text.split("\n"), ""], 1):  # where make ends lines
        begun = begun if parts else number
        parts.append(line)
        if not (len(line) - len(line.rstrip("\\"))) % 2:
            yield begun, "\n".join(parts)
            parts = []


def _cook(recipes: Iterable[Recipe], lines: MutableMapping[tuple[str, ...], int]) -> None:
    """Give each target the lines of its recipe; make runs the last one of several rules only.

    A rule is its line, and 0 for one below a condition, which may be the only one that counts.
    """
    of_rule: dict[str, int] = {}
    for target, text, number, rule in recipes:
        name = target["Name"]
        at = ("targets", name, "recipe")
        if of_rule.get(name, rule) != rule and rule and "::" not in target["needs"]:
            _say(target, OVERRIDDEN, target.pop("recipe"))
            lines[at] = lines["targets", name, OVERRIDDEN] = number
        of_rule[name] = rule
        begun = len(target.get("recipe", "").splitlines())
        _say(target, "recipe", text)
        lines.setdefault(at, number)
        each = range(len(text.splitlines()))
        lines.update(((*at, str(begun + more)), number + more) for more in each)


def _need(target: dict[str, Any], rule: re.Match[str], under: str) -> Iterator[str]:
    """Say what a rule needs, and yield the commands behind it."""
    if own := ASSIGNMENT.fullmatch(rule["needs"].strip()):
        _say(target, "variables", f"{under}{own['words']}{own['name']} {own['is']}")
    else:
        needs = rule["needs"].split(";", 1)
        # What stands behind a bar is made before, and never newer.
        first, _, before = needs[0].partition("|")
        each = [*first.split(), *(f"| {name}" for name in before.split())]
        target["needs"] |= {f"{under}{name}": "" for name in each}
        for command in needs[1:]:
            yield under + command
    if rule["colons"] == "::":
        target["needs"]["::"] = ""


def _keep(
    rest: dict[str, str], lines: MutableMapping[tuple[str, ...], int], said: str, number: int
) -> None:
    rest[said] = ""
    lines.setdefault(("rest", said), number)


def _say(of: dict[str, Any], key: str, text: str) -> None:
    of[key] = f"{of[key]}\n{text}" if key in of else text


def _turn(conditions: list[str], said: str) -> None:
    if said.startswith(OPENS):
        conditions.append(said)
    elif conditions and said.startswith(CLOSES):
        conditions.pop()
    elif conditions:
        conditions[-1] = f"{conditions[-1]} {said}"
