"""The resources that change, each with every value that differs, by what they are for."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from policies import patterns
from policies.app import CDK_JSON
from policies.changes.differences import STACK, Difference, differences
from policies.changes.documents import DECISIONS
from policies.changes.guards import NAME as GUARDS
from policies.changes.resource_spec import Replacement
from policies.changes.update import ResourceChange, Update
from policies.templates.template import as_text
from review.render.view import DATA, OTHER
from review.sources import changed_lines

# The types of resources that are for each, the first that fits.
PURPOSES = {name: re.compile("|".join(each)) for name, each in patterns.beside(__file__).items()}
# They are told as files, with what else guards the gates.
TOLD_AS_FILES = (CDK_JSON, DECISIONS, GUARDS)
CODE = "Properties.Code.S3Key"
MOST = 400


def rows(updates: Iterable[Update]) -> list[Mapping[str, Any]]:
    """Return a row for each resource that differs, and for what a stack says beside them.

    A row has ``for``: ``data``, ``rights``, ``runs`` or ``other``; and ``values``, each with its
    place and either ``before`` and ``after``, or the ``lines`` that differ.
    """
    return [row for each in updates if each.after.name not in TOLD_AS_FILES for row in _rows(each)]


def _rows(pair: Update) -> Iterator[Mapping[str, Any]]:
    found = [each for each in differences(pair) if each.where not in ((), (STACK,))]
    for change in pair.changes:
        own = (each for each in found if each.owner and each.owner.path == change.resource.path)
        yield {**change.as_data(), "for": _purpose(change), "values": [*map(_value, own)]}
    if beside := [_value(each) for each in found if not each.owner]:
        stack = pair.after
        nothing = {"properties": {}, "replacement": "no", "stateful": False, "data_loss": False}
        where = {"stack": stack.name, "region": stack.region, "path": stack.path, "logical_id": ""}
        what = {"action": "modified", "type": "stack", "for": OTHER, "values": beside}
        yield {**what, **where, **nothing}


def _purpose(change: ResourceChange) -> str:
    goes = change.action == "removed" or change.replacement != Replacement.NO
    of_type = (name for name, of in PURPOSES.items() if of.fullmatch(change.resource.type))
    return DATA if change.stateful and goes else next(of_type, OTHER)


def _value(difference: Difference) -> Mapping[str, Any]:
    where = ".".join(difference.where).removeprefix("Properties.")
    if difference.place == CODE:
        return {"where": "its code", "before": "", "after": ""}
    before, after = (_lines(value) for value in (difference.before, difference.after))
    if "\n" in before + after:
        return {"where": where, "lines": changed_lines(before, after)}
    return {"where": where, "before": before[:MOST], "after": after[:MOST]}


def _lines(value: object) -> str:
    """Return a value as text; a list of texts, such as a build's commands, by line."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "\n".join(map(str, value))
    return "nothing" if value is None else as_text(value)
