"""Nodes and edges in lanes, drawn as Mermaid for Markdown and as SVG for the page."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

from naming import PREFIX, SUFFIX

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
    places, boxes, size = _layout(drawing)
    width, height = size
    body = [_box(lane, *box, width) for lane, box in boxes.items()]
    body += [_line(edge, places) for edge in drawing.edges]
    body += [_shape(node, *places[node.id]) for node in drawing.nodes]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-label="Architecture, drawn from the templates">'
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z"/></marker></defs>'
    )
    return "".join([head, *body, "</svg>"])


def _layout(drawing: Drawing) -> tuple[dict[str, Pair], dict[str, Pair], Pair]:
    """Return the corner of each node, the top and the height of each lane, and the total size."""
    places: dict[str, Pair] = {}
    boxes: dict[str, Pair] = {}
    top, widest = 0, 0
    for lane, nodes in drawing.lanes.items():
        columns: dict[int, list[Node]] = defaultdict(list)
        for node in nodes:
            columns[_depth(node, drawing)].append(node)
        rows = max(map(len, columns.values()))
        for column, stacked in columns.items():
            for row, node in enumerate(stacked):
                offset = (rows - len(stacked)) * ROW // 2
                places[node.id] = (
                    PAD + column * COLUMN,
                    top + TITLE + PAD // 2 + row * ROW + offset,
                )
        width = 2 * PAD + max(columns) * COLUMN + WIDTH
        height = TITLE + PAD // 2 + rows * ROW
        boxes[lane] = (top, height)
        top, widest = top + height + PAD, max(widest, width)
    return places, boxes, (widest, top - PAD)


def _depth(node: Node, drawing: Drawing, seen: frozenset[str] = frozenset()) -> int:
    """Return the length of the longest path to ``node`` inside its lane."""
    lane = {each.id: each for each in drawing.nodes if each.lane == node.lane}
    before = [
        lane[edge.source]
        for edge in drawing.edges
        if edge.target == node.id and edge.source in lane and edge.source not in seen
    ]
    return max((1 + _depth(each, drawing, seen | {node.id}) for each in before), default=0)


def _box(lane: str, y: int, height: int, width: int) -> str:
    return (
        f'<g class="lane"><rect x="0.5" y="{y + 0.5}" width="{width - 1}" '
        f'height="{height - 1}" rx="8"/><text x="{PAD}" y="{y + 20}">{escape(lane)}</text></g>'
    )


def _shape(node: Node, x: int, y: int) -> str:
    radius = HEIGHT // 2 if node.kind in ("topic", "stage") else 6
    return (
        f'<g class="node {node.kind}"><title>{escape(node.label)}</title>'
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="{radius}"/>'
        f'<text x="{x + WIDTH // 2}" y="{y + 17}" class="kind">{escape(node.kind)}</text>'
        f'<text x="{x + WIDTH // 2}" y="{y + 32}">{escape(_short(node.label))}</text></g>'
    )


def _line(edge: Edge, places: Mapping[str, Pair]) -> str:
    (x1, y1), (x2, y2) = places[edge.source], places[edge.target]
    if x1 == x2:
        start, end = (x1 + WIDTH // 2, y1 + HEIGHT), (x2 + WIDTH // 2, y2)
        curve = f"L{end[0]} {end[1]}"
    else:
        start, end = (x1 + WIDTH, y1 + HEIGHT // 2), (x2, y2 + HEIGHT // 2)
        bend = (end[0] - start[0]) // 2
        curve = f"C{start[0] + bend} {start[1]} {end[0] - bend} {end[1]} {end[0]} {end[1]}"
    path = f"M{start[0]} {start[1]} {curve}"
    middle = (start[0] + end[0]) // 2, (start[1] + end[1]) // 2 - 4
    both = ' marker-start="url(#arrow)"' if edge.both_ways else ""
    return (
        f'<g class="edge"><path d={quoteattr(path)} marker-end="url(#arrow)"{both}/>'
        f'<text x="{middle[0]}" y="{middle[1]}">{escape(edge.label)}</text></g>'
    )


def _short(label: str) -> str:
    """Strip the prefix and the suffix that all names of this project share."""
    return label.removeprefix(PREFIX).removesuffix(SUFFIX)
