"""Where a commit acts: what leads to what in each region and the pipeline, and what of it changes.

Derived from the templates, and from the base's for what is removed. A box is a resource or a stage
of the pipeline; a change is of a box, of what belongs to it, or of what links it to others.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, permutations, product, takewhile
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from naming import PREFIX, SUFFIX
from policies.changes.resource_spec import Replacement
from policies.changes.update import Update
from policies.templates.global_table import replicas
from policies.templates.template import StackTemplate, all_texts, as_list, refers_to

BOXES, OWN, BETWEEN = tomllib.loads((Path(__file__).parent / "drawing.toml").read_text()).values()
PIPELINE, STAGE = "pipeline", "stage"
Row: TypeAlias = Mapping[str, Any]
Id: TypeAlias = tuple[str, str]  # stack and logical id


class Box(NamedTuple):
    lane: str
    name: str
    kind: str
    id: Id
    path: str


class Link(NamedTuple):
    source: Box
    target: Box
    says: str
    by: Id


def drawn(updates: Iterable[Update], rows: Sequence[Row]) -> Mapping[str, Any]:
    """Return ``lanes`` of columns of boxes, and the changes that are ``beside`` all boxes."""
    stacks = [_with_removed(each) for each in updates if rows]
    boxes = [*dict.fromkeys(box for stack in stacks for box in _boxes(stack))]
    links = [*dict.fromkeys(link for stack in stacks for link in _links(stack, boxes))]
    changes = [(row, _of(row, boxes, links)) for row in rows]
    actions = {(row["stack"], row["logical_id"]): _action(row) for row in rows}
    shown = {box for link in links for box in link[:2]} | {box for _, of in changes for box in of}
    lanes: dict[str, list[Box]] = {}
    for box in sorted(shown, key=lambda box: (box.lane == PIPELINE, box.lane, boxes.index(box))):
        lanes.setdefault(box.lane, []).append(box)
    columns = {lane: _columns(some, links) for lane, some in lanes.items()}
    return {
        "lanes": {
            lane: [[_told(box, links, changes, actions) for box in column] for column in some]
            for lane, some in columns.items()
        },
        "beside": [dict(row) for row, of in changes if not of],
    }


def _with_removed(update: Update) -> StackTemplate:
    before, after = (each.template.get("Resources", {}) for each in (update.before, update.after))
    paths = {**update.before.paths, **update.after.paths}
    return replace(update.after, template={"Resources": {**before, **after}}, paths=paths)


def _boxes(stack: StackTemplate) -> Iterator[Box]:
    for one in stack.resources(*BOXES):
        kind, name = BOXES[one.type]
        said, id_ = one.properties.get(name), (stack.name, one.logical_id)
        name = said if isinstance(said, str) else one.local.partition("/")[2]
        regions = [each["Region"] for each in replicas(one)]
        for lane in regions or [stack.region if stack.stage else PIPELINE]:
            yield Box(lane, name, kind, id_, one.path)
    for one in stack.resources("AWS::CodePipeline::Pipeline"):
        for name in (stage["Name"] for stage in one.properties["Stages"]):
            yield Box(PIPELINE, name, STAGE, (stack.name, name), name)


def _links(stack: StackTemplate, boxes: Sequence[Box]) -> Iterator[Link]:
    here = [box for box in boxes if box.lane == stack.region and stack.stage]
    mine = [box for box in boxes if box.id[0] == stack.name]
    for one in stack.resources(*OWN, *BETWEEN):
        by = (stack.name, one.logical_id)
        for place, kind, says in OWN.get(one.type, ()):
            same = [box for box in here if box.id == by]
            known = [box for box in here if box.kind == kind]
            ends = _named(_at(one.properties, place), stack, known)
            yield from (Link(*pair, says, by) for pair in product(same, ends))
        for start, end, says in BETWEEN.get(one.type, ()):
            same, ends = (_named(_at(one.properties, at), stack, here) for at in (start, end))
            yield from (Link(*pair, says, by) for pair in product(same, ends))
    tables, stages = ([box for box in mine if box.kind == kind] for kind in ("table", STAGE))
    yield from (Link(a, b, "replicates", a.id) for a, b in permutations(tables, 2))
    yield from (Link(a, b, "then", a.id) for a, b in pairwise(stages))


def _at(value: object, place: str) -> object:
    """Return what is at a place such as ``Targets.Arn``, of each member of a list."""
    for key in place.split("."):
        value = [part for each in as_list(value) for part in as_list(each.get(key))]
    return value


def _named(value: object, stack: StackTemplate, here: Sequence[Box]) -> list[Box]:
    """Return the boxes that a value names, itself or else by what it refers to, like an alias."""
    text = "\n".join(all_texts(value))
    found = [
        box
        for box in here
        if (box.id[0] == stack.name and refers_to(value, box.id[1]))
        or re.search(rf"(?<![\w-]){re.escape(box.name)}(?![\w-])", text)
    ]
    between = (one for one in stack.resources() if not found and refers_to(value, one.logical_id))
    more = ({**one.properties, "ServiceToken": None} for one in between)
    return found or [box for each in more for box in _named(each, stack, here)]


def _of(row: Row, boxes: Sequence[Box], links: Sequence[Link]) -> list[Box]:
    """Return the boxes that a change is of: itself, what it links, or what is nearest to it."""
    id_ = (row["stack"], row["logical_id"])
    own = [box for box in boxes if box.id == id_] or [link[0] for link in links if link.by == id_]
    if own:
        return [*dict.fromkeys(own)]
    said = f"{row['path']}.{'.'.join(each['where'] for each in row['values'])}".lower()
    parts, mine = [*re.split("[/.]", said)], [box for box in boxes if box.id[0] == row["stack"]]
    stages = [box for box in mine if box.kind == STAGE and box.name.lower() in parts]
    # The last construct that both are in, below the stack; a function before its queue.
    below = parts.index("tap") + 1 if "tap" in parts else len(parts)
    shared = {box: _shared(box.path.lower().split("/"), parts) for box in mine}
    leads = [link.source for link in links]
    near = sorted(mine, key=lambda box: (shared[box], leads.count(box)))[-1:]
    return stages or [box for box in near if shared[box] > below]


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    return len([*takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))])


def _columns(boxes: Sequence[Box], links: Sequence[Link]) -> list[list[Box]]:
    """Return the boxes of a lane by the steps from its buckets, and from what nothing leads to."""
    led = {(link.source, link.target) for link in links if link.source.lane == link.target.lane}
    column = [
        box
        for box in boxes
        if not any(end == box for _, end in led)
        or (box.kind == "bucket" and any(one == box for one, _ in led))
    ]
    columns: list[list[Box]] = []
    while column:
        columns.append(column)
        seen = [box for each in columns for box in each]
        column = [b for b in boxes if b not in seen and any((a, b) in led for a in column)]
    return columns


def _told(
    box: Box,
    links: Sequence[Link],
    changes: Sequence[tuple[Row, list[Box]]],
    actions: Mapping[Id, str],
) -> Row:
    """Return a box as JSON data: its name, where it leads, and what of it changes."""
    leads: dict[tuple[str, str], list[str]] = {}
    for link in (link for link in links if link.source == box):
        to = link.target.name if link.target.lane == box.lane else link.target.lane
        by = "" if link.by == box.id else actions.get(link.by, "")
        leads.setdefault((link.says, _short(to)), []).append(by)
    return {
        "name": _short(box.name),
        "kind": box.kind,
        "leads": [
            {"says": f"{len(by)} {says}s" if len(by) > 1 and says == "alarm" else says, "to": to}
            | {"actions": sorted({*by} - {""})}
            for (says, to), by in leads.items()
        ],
        "changes": [
            {"action": _action(row), "what": _what(row, box)} for row, of in changes if box in of
        ],
    }


def _action(row: Row) -> str:
    return str(row["action"]) if row["replacement"] == Replacement.NO else "replaced"


def _what(row: Row, box: Box) -> str:
    is_itself = (row["stack"], row["logical_id"]) == box.id
    parts = str(row["path"]).removesuffix("/Resource").split("/")
    return ", ".join(row["properties"]) if is_itself else "/".join(parts[-2:])


def _short(name: str) -> str:
    return name.removeprefix(PREFIX).removesuffix(SUFFIX)
