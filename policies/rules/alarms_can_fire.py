"""Every alarm watches what is published of an existing resource, and notifies someone."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from naming import METRICS_NAMESPACE
from policies import patterns
from policies.finding import Finding, each_at
from policies.templates.global_table import global_tables
from policies.templates.template import Resource, StackTemplate, as_text, refers_to

# A dataset is a module there; the rows of every other one count as those of ``generic``.
DATASETS = Path(__file__).parents[2] / "services" / "processor" / "runtime" / "contracts"
MINUTE_S, HOUR_S, DAY_S = 60, 60 * 60, 24 * 60 * 60
# A metric in an expression, which begins with a small letter as no function and no keyword does.
NAME = re.compile(r"\b[a-z]\w*\b")
SAID = patterns.beside(__file__)
REMEDY = SAID["remedy"]


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    published = patterns.declared("metrics")
    for stack in stacks:
        known = _known(stack, stacks)
        for alarm in stack.resources("AWS::CloudWatch::Alarm"):
            why = (_silent(alarm), _blind(alarm, published, known), _empty(alarm.properties))
            yield from each_at(alarm, (*chain(*why), *_refused(alarm.properties)))


def _silent(alarm: Resource) -> Iterator[str]:
    properties = alarm.properties
    topics = [topic.logical_id for topic in alarm.stack.resources("AWS::SNS::Topic")]
    actions = properties.get("AlarmActions", [])
    if properties.get("ActionsEnabled") is False:
        yield "its actions are switched off"
    if not any(refers_to(actions, topic) for topic in topics):
        yield "it notifies no topic of its stack"
    falls = str(properties.get("ComparisonOperator")).startswith("LessThan")
    if falls and properties.get("TreatMissingData") != "breaching":
        yield "it does not fire when what it watches falls silent"


def _blind(
    alarm: Resource, published: Mapping[str, Any], known: Mapping[str, frozenset[str]]
) -> Iterator[str]:
    said = [each for each in _read(alarm.properties) if each.keys() & {"Metric", "MetricName"}]
    metrics = [{"Dimensions": [], **each.get("Metric", each)} for each in said]
    if not metrics:
        yield "it watches no metric"
    for metric in metrics:
        name, namespace = metric["MetricName"], metric["Namespace"]
        dimensions = {entry["Name"]: as_text(entry["Value"]) for entry in metric["Dimensions"]}
        by = published.get(namespace, {}).get(name)
        if by is None:
            yield f"policies/declared/metrics.toml has no {name} of {namespace}"
        elif sorted(dimensions) not in by:
            known_by = " or ".join(map(_listed, by))
            yield f"{namespace} {name} is published by {known_by}, not by {_listed(dimensions)}"
        for dimension, value in dimensions.items():
            if value not in known.get(dimension, frozenset()):
                yield f"{dimension} {value} names no resource of the template"


def _empty(properties: Mapping[str, Any]) -> Iterator[str]:
    """Yield why a metric, or what is computed of several, has no data."""
    members = properties.get("Metrics", [])
    for each in _read(properties):
        if "Unit" in each:
            yield f"nothing is published in {each['Unit']} alone: leave the unit out"
        if each.get("Period", MINUTE_S) % MINUTE_S:
            yield f"metrics are published by the minute, not every {each['Period']} s"
    returned = [each for each in members if each.get("ReturnData", True)]
    if "Metrics" in properties and len(returned) != 1:
        yield f"{len(returned)} of its metrics are watched, not one"
    if any("AccountId" in each for each in members):
        yield "it watches another account"
    names = {str(each.get("Id")) for each in members}
    written = " ".join(each.get("Expression", "") for each in members)
    unlike = {*NAME.findall(written)} ^ (names - {str(each.get("Id")) for each in returned})
    if written.strip() and unlike:
        yield f"of its metrics and what is computed of them, these don't match: {_listed(unlike)}"


def _refused(properties: Mapping[str, Any]) -> Iterator[str]:
    """Yield why CloudWatch does not take it: it stretches too far, or can't be computed."""
    period_s = max(each.get("Period", MINUTE_S) for each in _read(properties))
    days = period_s * properties.get("EvaluationPeriods", 1) / DAY_S
    if days > (most := 1 if period_s < HOUR_S else 7):
        yield f"it looks back {days:g} days, and CloudWatch takes {most} for such periods"
    for each in (member.get("Expression", "") for member in properties.get("Metrics", [])):
        if each.count("(") != each.count(")"):
            yield f"a bracket of {each} has no other"


def _read(properties: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return what may say how a metric is read: the alarm itself, and each of its metrics."""
    members = properties.get("Metrics", [])
    return [properties, *(each.get("MetricStat", {}) for each in members)]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "no dimension"


def _known(stack: StackTemplate, stacks: Sequence[StackTemplate]) -> Mapping[str, frozenset[str]]:
    """Return each dimension's possible values; the other region's stack may declare the table."""
    functions = stack.resources("AWS::Lambda::Function")
    variables = [f.properties.get("Environment", {}).get("Variables", {}) for f in functions]
    tables = [table for table in global_tables(stacks) if stack.region in table.regions]
    machines = stack.resources("AWS::StepFunctions::StateMachine")
    return {
        **{name: _named(stack, *by) for name, by in SAID["named"].items()},
        **{name: frozenset(words) for name, words in SAID["words"].items()},
        # As which functions publish metrics of their own.
        "service": frozenset(
            as_text(each.get("POWERTOOLS_SERVICE_NAME"))
            for each in variables
            if each.get("POWERTOOLS_METRICS_NAMESPACE") == METRICS_NAMESPACE
        ),
        "dataset": frozenset(module.stem for module in DATASETS.glob("*.py")),
        # Those that publish how many events they read.
        "EventSourceMappingUUID": frozenset(
            f"<{each.logical_id}>"
            for each in stack.resources("AWS::Lambda::EventSourceMapping")
            if "EventCount" in each.properties.get("MetricsConfig", {}).get("Metrics", [])
        ),
        "StateMachineArn": frozenset(f"<{each.logical_id}.Arn>" for each in machines),
        "TableName": frozenset(table.name for table in tables),
        "GlobalSecondaryIndexName": frozenset().union(*(table.indexes for table in tables)),
        "ReceivingRegion": frozenset().union(*(table.regions for table in tables)) - {stack.region},
    }


def _named(stack: StackTemplate, type_: str, property_: str) -> frozenset[str]:
    """Return how a dimension may name a resource: by its literal name, or by reference."""
    resources = list(stack.resources(type_))
    literal = {as_text(resource.properties.get(property_)) for resource in resources}
    return frozenset(literal | {as_text({"Ref": resource.logical_id}) for resource in resources})
