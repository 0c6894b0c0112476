"""The pipeline takes one branch through all gates to the primary, an approval, and the standby.

Whatever it says beside that is refused, since a trigger lets code in before its review, and a
condition, another order or another artifact lets something past the gates or the approval.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import naming
from policies.finding import Finding, at, at_stack
from policies.templates.shape import actions, beside, read
from policies.templates.template import Resource, StackTemplate, as_text, resources

SHAPES = read(__file__)
REMEDY, STAGES = SHAPES["remedy"], SHAPES["stages"]
PASSED_BY = "what no gate or approver has seen might be deployed"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    deployed = {stack.stage: stack for stack in stacks[::-1] if stack.stage}
    for stack in stacks:
        if stack.stage and deployed[stack.stage] is not stack:
            message = f"the stage {stack.stage} has another stack: one is deployed and proved there"
            yield at_stack(stack, message, exact=f"stack {stack.name}")
    pipelines = [*resources(stacks, "AWS::CodePipeline::Pipeline")]
    for pipeline in pipelines:
        for what in (*_beside(pipeline), *_stages(pipeline), *_deployments(pipeline, deployed)):
            means = (said for part, said in SHAPES["meaning"].items() if part in what)
            yield at(pipeline, f"{what}; so {next(means, PASSED_BY)}", exact=what)
        if len(pipelines) > 1:
            yield at(pipeline, "there is more than one pipeline", exact="more than one")


def _beside(pipeline: Resource) -> Iterator[str]:
    """Yield what the definition says that has no place in the shape."""
    yield from beside(pipeline.properties, SHAPES["pipeline"], "Properties")
    for stage in pipeline.properties["Stages"]:
        yield from beside(stage, SHAPES["stage"], stage["Name"])
    for _, action in actions(pipeline):
        own = SHAPES["of"].get(action["ActionTypeId"]["Provider"], {})
        yield from beside(action, {**SHAPES["action"], **own}, action["Name"])


def _stages(pipeline: Resource) -> Iterator[str]:
    """Yield where stages, actions or artifacts differ from the shape."""
    stages = {stage["Name"]: stage["Actions"] for stage in pipeline.properties["Stages"]}
    if gone := [each for each in STAGES if each not in stages]:
        yield f"the stage {', '.join(gone)} is missing"
    elif [*stages] != [*STAGES]:
        yield f"the stages are {', '.join(stages)}, not {', '.join(STAGES)}"
    made_by = {
        artifact["Name"]: name
        for name, action in actions(pipeline)
        for artifact in action.get("OutputArtifacts", ())
    }
    for name, acting in stages.items():
        orders = [action["RunOrder"] for action in acting]
        given = [_acts(action, made_by) for action in acting]
        if given != STAGES.get(name) or orders != sorted({*orders}):
            wanted = ", then ".join(STAGES.get(name, ["nothing"]))
            by = ", ".join(f"{who} at {order}" for who, order in zip(given, orders, strict=True))
            yield f"in the stage {name} act {by}, not {wanted}"


def _acts(action: Mapping[str, Any], made_by: Mapping[str, str]) -> str:
    of = [made_by.get(each["Name"], each["Name"]) for each in action.get("InputArtifacts", ())]
    return f"{action['ActionTypeId']['Provider']}{' of ' if of else ''}{', '.join(of)}"


def _deployments(pipeline: Resource, deployed: Mapping[str, StackTemplate]) -> Iterator[str]:
    """Yield where a deployment is not that of its region's stack, by the bootstrap's roles."""
    for stage, action in actions(pipeline):
        if target := deployed.get(stage):
            for what, given, wanted in _wanted(action, target):
                if given is not None and wanted not in as_text(given):
                    yield f"the action {action['Name']} has {what} {as_text(given)}, not {wanted}"


def _wanted(action: Mapping[str, Any], target: StackTemplate) -> Iterator[tuple[str, object, str]]:
    given, region = action["Configuration"], target.region
    roles = {"deploy": action.get("RoleArn"), "cfn-exec": given.get("RoleArn")}
    for purpose, role in roles.items():
        arn = naming.bootstrap_role_arn(purpose, region, target.account)
        yield "the role", role, arn.partition(":iam:")[2]
    yield "the region", action.get("Region"), region
    yield "the stack", given.get("StackName"), target.name
    yield "the template", given.get("TemplatePath"), f"::{naming.stage_assembly(region)}/"
