"""Each part works from its first deployment on: a setting that would hinder it has no other value.

The table of settings is beside this file. What is not set is the service's default: None here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import naming
from policies import patterns
from policies.finding import Finding, at
from policies.templates.global_table import SOURCE
from policies.templates.template import Resource, StackTemplate, as_text, resources

# By type, rows with their places, values and reason.
SETTINGS = patterns.beside(__file__)
REMEDY = SETTINGS.pop("remedy")
LONGEST_S = 900  # of an invocation


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for resource in resources(stacks, *SETTINGS):
        for row in SETTINGS[resource.type]:
            for place in row["at"]:
                value = _value(resource.properties, place)
                if not _fits(row, value, resource):
                    is_ = "not set" if value is None else as_text(value)
                    yield at(resource, f"{place} is {is_}: {row['why']}", exact=place)


def _value(part: Any, place: str) -> Any:  # JSON
    for key in place.split("."):
        part = part.get(key) if isinstance(part, dict) else None
    return part


def _fits(row: Mapping[str, Any], value: object, resource: Resource) -> bool:
    if row.get("streams") and "StartingPosition" not in resource.properties:
        return True
    if "by" in row:
        return BY[row["by"]](value, resource)
    if "without" in row:
        return not any(word in as_text(value) for word in row["without"])
    is_enough = "least" in row and isinstance(value, int) and value >= row["least"]
    return is_enough or any(_same(value, each) for each in row.get("is", ()))


def _same(value: object, wanted: object) -> bool:
    """Compare with a value of the table; 1 is not true."""
    return value is None if wanted == "unset" else (value, type(value)) == (wanted, type(wanted))


def _is_takeover(mapping: Resource) -> bool:
    return f":{naming.TAKEOVER_ALIAS}" in as_text(mapping.properties.get("FunctionName"))


def _reads_its_own(value: object, mapping: Resource) -> bool:
    own = mapping.stack.region
    read = {region for region in naming.REGIONS if region in as_text(value)}
    return read == ({*naming.REGIONS} - {own} if _is_takeover(mapping) else {own})


BY: Mapping[str, Callable[[Any, Resource], bool]] = {
    "is_on": lambda value, mapping: (
        value is False if _is_takeover(mapping) else value in (None, True, "true")
    ),
    "reads_its_own": _reads_its_own,
    "is_on_demand": lambda value, of: value == "PAY_PER_REQUEST" or SOURCE in of.properties,
    "is_for_packages": lambda value, of: (
        value == ["arm64"] or not str(of.properties.get("Runtime")).startswith("python")
    ),
    "is_within_lambdas": lambda value, _: isinstance(value, int) and 0 < value <= LONGEST_S,
}
