"""Every value in which a stack's template differs from the base's, down to the single value.

Dictionaries are walked by key, lists by the name of their members or else by position, and texts
that are JSON (a buildspec, variables of a build) as what they say. Each value is visited once, so a
comparison takes time linear in the two templates. An intrinsic function is one value.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from policies.changes.sources import CODE, digest
from policies.changes.texts import spelled
from policies.changes.update import EMPTY, Update
from policies.templates.template import NOTE, Resource, StackTemplate, as_text, is_function

METADATA = "Metadata"
# What tells the members of a list apart, in this order.
NAMES = ("Name", "Sid", "Id", "Key", "IndexName", "Region", "AttributeName", "name")
# A longer value is told by its digest, so that the id of a finding can be read.
SHOWN = 120
# A key that is the name of a file, whose lines are not known.
FILE = re.compile(r"[\w./ -]+\.(cfg|in|ini|json|md|py|toml|txt|ya?ml)|(.+/)?(\.\w+|[Mm]akefile)")
# A whole resource that says nothing else is told by its properties.
PLAIN = {"Type", "Properties"}
# Texts that CDK joins and that grant nothing: what a state machine does, and graphs.
JOINED = (("DefinitionString",), ("DashboardBody",))
Files: TypeAlias = Collection[str] | None
Where: TypeAlias = tuple[str, ...]
STACK = "(stack)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One value that differs; ``None`` is a value that one side does not have.

    ``where`` are the keys that lead to it: from the resource's body or, without an ``owner``, from
    the template. ``files`` are those that differ from the base's, and None if that is not known;
    ``base`` is the stack there, and ``tags`` are those that policies go by.
    """

    stack: StackTemplate
    owner: Resource | None
    where: Where
    before: Any
    after: Any
    files: Files = None
    base: StackTemplate | None = None
    tags: frozenset[str] = frozenset()

    @property
    def type(self) -> str:
        return self.owner.type if self.owner else ""

    @property
    def place(self) -> str:
        """The keys as one text that tables match: a dot within one, but of a file, is ``·``."""
        of = 3 if {*self.where[:1]} & {"checks", "packages"} else 2  # files are named so far
        return ".".join((*self.where[:of], *(each.replace(".", "·") for each in self.where[of:])))

    @property
    def line(self) -> str:
        """File and line of the value, or of what it was a part of; empty in a template.

        Of one that is gone, it is the line of what came after it, or else before it.
        """
        base, here = self.base.lines if self.base else {}, self.stack.lines
        file, _, gone = base.get(self.where, "").rpartition(":")
        if self.after is None and file:
            kept = ((at.rpartition(":"), here[key]) for key, at in base.items() if key in here)
            away = [(int(line) - int(gone), at) for (of, _, line), at in kept if of == file]
            if away:
                return min(away, key=lambda each: (each[0] < 0, abs(each[0])))[1]
        lines = (here[at] for n in range(len(self.where), 0, -1) if (at := self.where[:n]) in here)
        return next(lines, "") or next(filter(FILE.fullmatch, self.where), "")

    def __str__(self) -> str:
        """Return place and both values in one line, the same in both regions where they agree."""
        both = " -> ".join(map(self._told, (self.before, self.after)))
        return f"{'.'.join(self.where) or self.type} {both}"

    def _told(self, value: object) -> str:
        if value is None:
            return "nothing"
        if not self.where and isinstance(value, dict) and value.keys() == PLAIN:
            value = value["Properties"]
        text = self.stack.in_any_region((as_text if self.owner else spelled)(value))
        if len(text) <= SHOWN and text.isprintable():
            return text
        return f"sha256:{digest(text.encode())}"


def differences(update: Update, files: Files = None) -> list[Difference]:
    """Return every difference of a stack: of its resources, and of all that stands beside them.

    A stack that comes or goes is one difference.
    """
    before, after = update.before, update.after
    made = partial(Difference, stack=after, files=files, base=before, tags=update.tags)
    if before.template != after.template and EMPTY in (before.template, after.template):
        one, other = (None if each.template == EMPTY else each.template for each in (before, after))
        return [made(owner=None, where=(STACK,), before=one, after=other)]
    old, new = before.by_id(), after.by_id()
    pairs: list[tuple[Resource | None, Any, Any]] = [
        (new.get(id_) or old[id_], _body(old.get(id_)), _body(new.get(id_)))
        for id_ in sorted({**old, **new})
    ]
    return [
        made(owner=owner, where=where, before=one, after=other)
        for owner, *sides in [(None, _sections(before), _sections(after)), *pairs]
        for where, one, other in _walk((), *sides)
    ]


def _sections(stack: StackTemplate) -> Mapping[str, Any]:
    beside = {key: part for key, part in stack.template.items() if key != "Resources"}
    return {**beside, "TerminationProtection": stack.termination_protected}


def _body(resource: Resource | None) -> Mapping[str, Any] | None:
    if not resource:
        return None
    body = {key: part for key, part in resource.body.items() if key != METADATA}
    metadata = {
        key: part
        for key, part in resource.body.get(METADATA, {}).items()
        if not key.startswith(NOTE) or isinstance(part, dict | list)
    }
    return {**body, METADATA: metadata} if metadata else body


def _walk(where: Where, before: Any, after: Any) -> Iterator[tuple[Where, Any, Any]]:
    old, new = _read(where, before), _read(where, after)
    if old == new:
        return
    if is_list := _has_members(old) and _has_members(new):
        one, other = _names(old, new), _names(new, old)
        old, new = dict(zip(one, old, strict=True)), dict(zip(other, new, strict=True))
    elif not (isinstance(old, dict) and isinstance(new, dict)) or is_function([*old, *new]):
        yield where, before, after
        return
    for key in {**old, **new}:
        yield from _walk((*where, key), old.get(key), new.get(key))
    order = [key for key in old if key in new], [key for key in new if key in old]
    if is_list and order[0] != order[1]:
        yield (*where, "(order)"), *order


def _read(where: Where, value: Any) -> Any:
    """Return what a text says if it is JSON and no source, and any other value as it is."""
    text = value
    match value:
        # A text of parts, of which those not known yet are written ``<so>``, and no others.
        case {"Fn::Join": ["", list(parts)]} if where[-1:] in JOINED and all(
            "<" not in part if isinstance(part, str) else _is_reference(part) for part in parts
        ):
            text = as_text(value)
    if isinstance(text, str) and text[:1] in ("{", "[") and where[:1] != (CODE,):
        with suppress(ValueError):
            return json.loads(text)
    return value


def _is_reference(value: object) -> bool:
    """Return whether ``value`` refers to one resource, and is nothing else."""
    match value:
        case {"Ref": str(), **more} | {"Fn::GetAtt": [str(), str()], **more}:
            return not more
    return False


def _has_members(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, dict) and not is_function(each) for each in value
    )


def _names(members: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what tells the members apart: a name that each has for itself, or the position.

    One that is among the ``others`` as well is known by what it says, wherever it stands.
    """
    if all(isinstance(each.get("properties"), dict) for each in members):  # of a dashboard
        titles = [f"{each['properties'].get('title', at)}" for at, each in enumerate(members)]
        return [f"{title}{' again' * titles[:at].count(title)}" for at, title in enumerate(titles)]
    for name in NAMES:
        found = [f"{each.get(name, '')}" for each in members]
        if all(found) and len({*found}) == len(found):
            return found
    names, there, here = [], Counter(map(as_text, others)), Counter[str]()
    for position, text in enumerate(map(as_text, members)):
        known = f"{digest(text.encode())}-{here[text]}"
        names.append(known if here[text] < there[text] else str(position))
        here[text] += 1
    return names
