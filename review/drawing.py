"""Where a commit acts: what leads to what in each region and the pipeline, and what of it changes.

Derived from the templates, and from the base's for what is removed. A box is a resource or a stage
of the pipeline; a change is of a box, of what belongs to it, or of what links it to others.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, permutations, product
from posixpath import commonpath
from typing import Any, NamedTuple, TypeAlias

from naming import PREFIX, SUFFIX
from policies import patterns
from policies.changes.resource_spec import Replacement
from policies.changes.update import Update
from policies.templates.global_table import replicas
from policies.templates.template import StackTemplate, all_texts, as_list, refers_to

BOXES, LINKS = patterns.beside(__file__).values()
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
    """Return ``lanes`` of boxes, each with what it leads to, and what is ``beside`` all boxes."""
    stacks = {each.after.name: _with_removed(each) for each in updates if rows}
    boxes = [*dict.fromkeys(box for stack in stacks.values() for box in _boxes(stack))]
    links = [*dict.fromkeys(link for stack in stacks.values() for link in _links(stack, boxes))]
    changes = [(row, _of(row, stacks[row["stack"]], boxes, links)) for row in rows]
    shown = {box for link in links for box in link[:2]} | {box for _, of in changes for box in of}
    lanes = sorted({box.lane for box in shown}, key=lambda lane: (lane == PIPELINE, lane))
    ways = {lane: [box for box in boxes if box in shown and box.lane == lane] for lane in lanes}
    return {
        "lanes": {lane: [*_ways(some, links, changes)] for lane, some in ways.items()},
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
    for one in stack.resources(*LINKS):
        by = (stack.name, one.logical_id)
        itself = [box for box in here if box.id == by]
        for start, end, says in LINKS[one.type]:
            starts = _named(_at(one.properties, start), stack, here) if start else itself
            ends = _named(_at(one.properties, end), stack, here)
            yield from (Link(*pair, says, by) for pair in product(starts, ends))
    mine = [box for box in boxes if box.id[0] == stack.name]
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


def _of(row: Row, stack: StackTemplate, boxes: Sequence[Box], links: Sequence[Link]) -> list[Box]:
    """Return the boxes that a change is of: itself, what it links, or what is nearest to it."""
    id_ = (row["stack"], row["logical_id"])
    own = [box for box in boxes if box.id == id_] or [link[0] for link in links if link.by == id_]
    if own:
        return [*dict.fromkeys(own)]
    mine = [box for box in boxes if box.id[0] == row["stack"]]
    parts = {part.lower() for each in row["values"] for part in each["where"].split(".")}
    parts |= {*row["path"].lower().split("/")}
    stages = [box for box in mine if box.kind == STAGE and box.name.lower() in parts]
    # The last construct below the stack that both are in; a function before its queue.
    leads = [link.source for link in links]
    shared = {box: len(commonpath((box.path, row["path"]))) for box in mine}
    near = sorted(mine, key=lambda box: (shared[box], leads.count(box)))[-1:]
    return stages or [box for box in near if shared[box] > len(stack.path)]


def _ways(
    boxes: Sequence[Box], links: Sequence[Link], changes: Sequence[tuple[Row, Sequence[Box]]]
) -> Iterator[Row]:
    """Yield as JSON data a lane's boxes, each below the first that leads to it.

    What is led to again, or is in another lane, is told by its name only.
    """
    actions = {(row["stack"], row["logical_id"]): _action(row) for row, _ in changes}
    told: set[Box] = set()

    def way(box: Box) -> Row:
        told.add(box)
        leads: dict[tuple[str, Box], list[str]] = {}
        for link in (link for link in links if link.source == box):
            by = "" if link.by == box.id else actions.get(link.by, "")
            leads.setdefault((link.says, link.target), []).append(by)
        return _as_data(box, box.lane) | {
            "changes": [_change(row, box) for row, of in changes if box in of],
            "leads": [
                {
                    "says": f"{len(by)} alarms" if says == "alarm" and len(by) > 1 else says,
                    "actions": sorted({*by} - {""}),
                    "to": way(to) if to in boxes and to not in told else _as_data(to, box.lane),
                }
                for (says, to), by in leads.items()
            ],
        }

    led, leading = {link.target for link in links}, {link.source for link in links}
    # First where files come in, then what nothing leads to.
    first = sorted(boxes, key=lambda b: (b.kind != "bucket" or b not in leading, b in led))
    yield from (way(box) for box in first if box not in told)


def _as_data(box: Box, lane: str) -> dict[str, Any]:
    name = box.name.removeprefix(PREFIX).removesuffix(SUFFIX) if box.lane == lane else box.lane
    return {"name": name, "kind": box.kind, "changes": [], "leads": []}


def _change(row: Row, box: Box) -> Row:
    parts = str(row["path"]).removesuffix("/Resource").split("/")
    is_itself = (row["stack"], row["logical_id"]) == box.id
    what = ", ".join(row["properties"]) if is_itself else "/".join(parts[-2:])
    return {"action": _action(row), "what": what}


def _action(row: Row) -> str:
    return str(row["action"]) if row["replacement"] == Replacement.NO else "replaced"
