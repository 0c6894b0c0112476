"""Nodes and edges in lanes, drawn as Mermaid for Markdown and as SVG for the page."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from naming import PREFIX, SUFFIX
from review.render import ENVIRONMENT

WIDTH, HEIGHT = 168, 40
COLUMN, ROW = WIDTH + 62, HEIGHT + 18
PAD, TITLE = 16, 26
Pair: TypeAlias = tuple[int, int]
SHAPES: Mapping[str, tuple[str, str]] = {
    "bucket": ("[(", ")]"),
    "table": ("[(", ")]"),
    "queue": ("[[", "]]"),
    "bus": ("{{", "}}"),
    "topic": ("([", "])"),
}


@dataclass(frozen=True, slots=True)
class Node:
    """A resource; ``lane`` is its region, or the pipeline."""

    id: str
    label: str
    kind: str
    lane: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A connection between two nodes, by their ids."""

    source: str
    target: str
    label: str
    both_ways: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """A graph whose edges connect its own nodes only."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def lanes(self) -> dict[str, list[Node]]:
        """The nodes by lane, the pipeline first."""
        found: dict[str, list[Node]] = defaultdict(list)
        for node in self.nodes:
            found[node.lane].append(node)
        return dict(sorted(found.items(), key=lambda lane: (lane[0] != "pipeline", lane[0])))


def mermaid(drawing: Drawing) -> str:
    """Return a Mermaid flowchart."""
    names = {node.id: f"n{index}" for index, node in enumerate(drawing.nodes)}
    lines = ["flowchart LR"]
    for number, (lane, nodes) in enumerate(drawing.lanes.items()):
        lines.append(f'  subgraph g{number} ["{lane}"]')
        for node in nodes:
            opened, closed = SHAPES.get(node.kind, ("[", "]"))
            lines.append(f'    {names[node.id]}{opened}"{_short(node.label)}"{closed}')
        lines.append("  end")
    for edge in drawing.edges:
        arrow = "<==>" if edge.both_ways else "-->"
        label = f'|"{edge.label}"|' if edge.label else ""
        lines.append(f"  {names[edge.source]} {arrow}{label} {names[edge.target]}")
    return "\n".join(lines)


def svg(drawing: Drawing) -> str:
    """Return an SVG element; its colours come from the page, by the classes of its parts."""
    places: dict[str, Pair] = {}
    lanes: list[tuple[str, int, int]] = []
    top, width = 0, 0
    for lane, nodes in drawing.lanes.items():
        columns: dict[int, list[Node]] = defaultdict(list)
        for node in nodes:
            columns[_depth(node, drawing)].append(node)
        rows = max(map(len, columns.values()))
        for column, stacked in columns.items():
            offset = top + TITLE + PAD // 2 + (rows - len(stacked)) * ROW // 2
            for row, node in enumerate(stacked):
                places[node.id] = (PAD + column * COLUMN, offset + row * ROW)
        height = TITLE + PAD // 2 + rows * ROW
        lanes.append((lane, top, height))
        top, width = top + height + PAD, max(width, 2 * PAD + max(columns) * COLUMN + WIDTH)
    return ENVIRONMENT.get_template("drawing.svg.j2").render(
        width=width,
        height=top - PAD,
        lanes=lanes,
        nodes=[(node, _short(node.label), places[node.id]) for node in drawing.nodes],
        edges=[(each, *_line(places[each.source], places[each.target])) for each in drawing.edges],
        box=(WIDTH, HEIGHT),
    )


def _depth(node: Node, drawing: Drawing, seen: frozenset[str] = frozenset()) -> int:
    """Return the length of the longest path to ``node`` inside its lane."""
    lane = {each.id: each for each in drawing.nodes if each.lane == node.lane}
    before = [
        lane[edge.source]
        for edge in drawing.edges
        if edge.target == node.id and edge.source in lane and edge.source not in seen
    ]
    return max((1 + _depth(each, drawing, seen | {node.id}) for each in before), default=0)


def _line(source: Pair, target: Pair) -> tuple[str, Pair]:
    """Return the path of an edge, and where its label is."""
    (x1, y1), (x2, y2) = source, target
    if x1 == x2:
        start, end = (x1 + WIDTH // 2, y1 + HEIGHT), (x2 + WIDTH // 2, y2)
        curve = f"L{end[0]} {end[1]}"
    else:
        start, end = (x1 + WIDTH, y1 + HEIGHT // 2), (x2, y2 + HEIGHT // 2)
        bend = (end[0] - start[0]) // 2
        curve = f"C{start[0] + bend} {start[1]} {end[0] - bend} {end[1]} {end[0]} {end[1]}"
    middle = (start[0] + end[0]) // 2, (start[1] + end[1]) // 2 - 4
    return f"M{start[0]} {start[1]} {curve}", middle


def _short(label: str) -> str:
    """Strip the prefix and the suffix that all names of this project share."""
    return label.removeprefix(PREFIX).removesuffix(SUFFIX)
