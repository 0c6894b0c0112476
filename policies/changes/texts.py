"""Texts that say what is checked, read as what they say, so that a difference is as small as that.

YAML and JSON are read key by key, TOML as well, a Makefile by variable and target, requirements by
package, and npm's settings by option. Any other text is one value, and so is one that can't be
read. Comments say nothing. The members of a list of names are keys, so that one that comes or goes
is one value.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias

import yaml

from policies.changes import makefile
from policies.templates.template import as_text

# The line of each value, by the keys that lead to it.
Lines: TypeAlias = dict[tuple[str, ...], int]
# The one in C, where there is one, is ten times as fast.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What a member of a list is called by, in this order: by the first line of its text.
LABELS = ("name", "run", "uses", "why")
VERSION = re.compile(r"@[\w.-]+$")
TOML_LINE = re.compile(r"\s*((?P<header>\[+)(?P<table>[^\]]+)\]+)?(?P<key>[\w\".-]+)?")
# The one text that is a list of names, one beside the other.
WORDS = "words"
COMMENT = re.compile(r"(^|\s)#.*|^\s*;.*")
REQUIREMENT = re.compile(r"(?P<name>(?!-)[\w.-]+(\[[\w,.-]+\])?)(?P<rest>.*)")
OPTION = re.compile(r"(?P<name>[^=]*[^=\s])\s*=(?P<rest>.*)")


def read(name: str, text: str) -> tuple[Any, Lines]:
    """Return what the file ``name`` says, and the line of each value."""
    lines: Lines = {(): 1}
    reader = next((READERS[end] for end in READERS if name.endswith(end)), None)
    try:
        return (reader(text, lines) if reader else text), lines
    except (yaml.YAMLError, tomllib.TOMLDecodeError):
        return text, {(): 1}


def values(value: Any, where: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield each text, and each member of a list, with the keys that lead to it."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key != "Name":
                yield from values(part, (*where, str(key)))
    elif isinstance(value, list):
        for member in value:
            yield from values(member, (*where, member["Name"]))
    else:
        yield ".".join(where), where, str(value)


def spelled(value: Any) -> str:
    """Return a value as one text; of a list that is read by its members, those."""
    is_list = isinstance(value, dict) and value and all(part == "" for part in value.values())
    return ", ".join(value) if is_list else as_text(value)


def _yaml(text: str, lines: Lines) -> Any:
    node = yaml.compose(text, Loader=LOADER)
    return _node(node, (), lines) if node else {}


def _node(node: yaml.Node, where: tuple[str, ...], lines: Lines) -> Any:
    lines[where] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = key.value if key.value not in found else f"{key.value} (again)"
            found[name] = _node(value, (*where, name), lines)
            lines[*where, name] = key.start_mark.line + 1
        return found
    if isinstance(node, yaml.SequenceNode):
        return _list([_node(each, (), {}) for each in node.value], where, lines, node.value)
    return node.value


def _list(members: list[Any], where: tuple[str, ...], lines: Lines, nodes: Any = ()) -> Any:
    if not members or not all(isinstance(each, dict) for each in members):
        named = {as_text(each): "" for each in members}
        for name, node in zip(named, nodes, strict=False):
            lines[*where, name] = node.start_mark.line + 1
        return named
    labels = [*_labels(members)]
    for label, node in zip(labels, nodes, strict=False):
        _node(node, (*where, label), lines)
    return [{"Name": label, **each} for label, each in zip(labels, members, strict=True)]


def _labels(members: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a name for each member, and a number behind it for one that is there already."""
    seen: list[str] = []
    for member in members:
        value = next((str(member[name]) for name in LABELS if member.get(name)), "(member)")
        label = VERSION.sub("", value.splitlines()[0])
        seen.append(label)
        yield label if seen.count(label) == 1 else f"{label} ({seen.count(label)})"


def _toml(text: str, lines: Lines) -> Any:
    says = _table(tomllib.loads(text))
    members = {key: iter(part) for key, part in says.items() if isinstance(part, list)}
    table: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        found = TOML_LINE.match(line)
        if found and found["table"]:
            keys = re.findall(r'"[^"]*"|[\w-]+', found["table"])
            table, key = tuple(part.strip('"') for part in keys), ()
            if found["header"] == "[[" and table[0] in members:
                table = table[0], next(members[table[0]], {"Name": ""})["Name"]
            lines.setdefault(table, number)
        elif found and found["key"] and "=" in line and not line.startswith((" ", "\t")):
            key = (found["key"].strip('"'),)
            lines.setdefault((*table, *key), number)
        for member in re.findall(r'[^\s"\\=]+' if key == (WORDS,) else r'"([^"]*)"', line):
            lines.setdefault((*table, *key, member), number)
    return says


def _table(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _table(part.split() if key == WORDS and isinstance(part, str) else part)
            for key, part in value.items()
        }
    if isinstance(value, list):
        if value and all(map(_is_plain, value)):
            return {json.dumps(each, default=str): "" for each in value}
        return _list([_table(each) for each in value], (), {})
    return value if isinstance(value, str | bool | int | float) else str(value)


def _is_plain(member: Any) -> bool:
    """Return whether a member of a list is a list itself, or says single values and no name."""
    flat = isinstance(member, dict) and not any(isinstance(v, dict | list) for v in member.values())
    return isinstance(member, list) or (flat and not {*LABELS} & member.keys())


def _line_by_line(text: str, lines: Lines, line_says: re.Pattern[str]) -> Any:
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        if said := COMMENT.sub("", line).strip():
            named = line_says.fullmatch(said)
            name, value = (named["name"], named["rest"]) if named else (said, "")
            name = name if name not in found else f"{name} (again)"
            found[name] = value.strip()
            lines[name,] = number
    return found


READERS: Mapping[str, Callable[[str, Lines], Any]] = {
    ".yml": _yaml,
    ".yaml": _yaml,
    ".json": _yaml,
    ".toml": _toml,
    ".in": partial(_line_by_line, line_says=REQUIREMENT),
    ".npmrc": partial(_line_by_line, line_says=OPTION),
    "akefile": makefile.read,
}
