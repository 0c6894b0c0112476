"""What of an account's quotas the product needs, computed from its templates.

* CodeBuild: a stage of the pipeline holds one execution at a time, and each stage may hold another
  one. So as many builds run at once as the stages have beside each other.
* Lambda: each function once, and what may run many times over: the batches of each shard of the
  table's stream that are read at once, and the ranges of one large file.
* EventBridge: the calls that such batches begin at the same time.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ops.preflight.plan import Plan, Site, site_of
from policies.templates.template import Resource, StackTemplate, as_text
from services.stream_consumer.runtime.publisher import CALLS_AT_ONCE

# A new on-demand table takes 4,000 writes a second, and a partition 1,000; each partition has a
# shard of the stream. docs.aws.amazon.com/amazondynamodb/latest/developerguide/
# on-demand-capacity-mode.html and .../burst-adaptive-capacity.html
SHARDS_OF_A_NEW_TABLE = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """A quota as Service Quotas knows it, and what ``says`` why we need so much of it."""

    service: str
    code: str
    needed: int
    says: str
    least: int = 1


# The codes of "Concurrently running builds for ... environment": Service Quotas' own list for
# codebuild (docs.aws.amazon.com/general/latest/gr/codebuild.html links each).
BUILDS: Mapping[tuple[str, str], str] = {
    ("LINUX_CONTAINER", "BUILD_GENERAL1_SMALL"): "L-9D07B6EF",
    ("LINUX_CONTAINER", "BUILD_GENERAL1_MEDIUM"): "L-2DC20C30",
    ("LINUX_CONTAINER", "BUILD_GENERAL1_LARGE"): "L-4DDC4A99",
}
# docs.aws.amazon.com/general/latest/gr/lambda-service.html and .../ev.html
LAMBDA_AT_ONCE, PUT_EVENTS = "L-B99A9384", "L-9B653E91"


def builds(plan: Plan, site: Site) -> Counter[tuple[str, str]]:
    """Return how many builds the pipeline may run at once, by their environment and size."""
    found: Counter[tuple[str, str]] = Counter()
    for stack in _stacks(plan, site):
        projects = {each.logical_id: each for each in stack.resources("AWS::CodeBuild::Project")}
        for pipeline in stack.resources("AWS::CodePipeline::Pipeline"):
            for stage in pipeline.properties["Stages"]:
                found += _most_at_once(stage, projects)
    return found


def _most_at_once(
    stage: Mapping[str, Any], projects: Mapping[str, Resource]
) -> Counter[tuple[str, str]]:
    """Return the builds of a stage's actions; those of the same order run beside each other."""
    by_order: dict[int, Counter[tuple[str, str]]] = {}
    for action in stage["Actions"]:
        if action["ActionTypeId"]["Provider"] == "CodeBuild":
            project = projects[action["Configuration"]["ProjectName"]["Ref"]]
            environment = project.properties["Environment"]
            key = str(environment["Type"]), str(environment["ComputeType"])
            by_order.setdefault(action["RunOrder"], Counter())[key] += 1
    most: Counter[tuple[str, str]] = Counter()
    for each in by_order.values():
        most |= each
    return most


@dataclass(frozen=True, kw_only=True, slots=True)
class Runs:
    """What may run at once in Lambda: ``lanes`` are the batches of one shard."""

    functions: int
    lanes: int
    ranges: int

    @property
    def at_once(self) -> int:
        """Return the sum, with the shards of a new table."""
        return self.functions + self.lanes * SHARDS_OF_A_NEW_TABLE + self.ranges

    @property
    def calls(self) -> int:
        """Return the calls that the batches of all shards begin at the same time."""
        return self.lanes * SHARDS_OF_A_NEW_TABLE * CALLS_AT_ONCE


def runs(plan: Plan, site: Site) -> Runs:
    """Return what of Lambda a site's functions, mappings and state machines may use at once."""
    functions = lanes = ranges = 0
    for stack in _stacks(plan, site):
        functions += len(list(stack.resources("AWS::Lambda::Function")))
        for mapping in stack.resources("AWS::Lambda::EventSourceMapping"):
            if mapping.properties.get("Enabled", True):
                lanes += int(mapping.properties.get("ParallelizationFactor", 1))
        for machine in stack.resources("AWS::StepFunctions::StateMachine"):
            text = as_text(machine.properties["DefinitionString"])
            ranges += sum(map(int, re.findall(r'"MaxConcurrency":\s*(\d+)', text)))
    return Runs(functions=functions, lanes=lanes, ranges=ranges)


def _stacks(plan: Plan, site: Site) -> Iterator[StackTemplate]:
    return (stack for stack in plan.stacks if site_of(stack) == site)
