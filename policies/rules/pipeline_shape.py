"""The pipeline takes one branch through all gates to the primary, an approval, and the standby.

Whatever it says beside that is refused, since a trigger lets code in before its review, and a
condition, another order or another artifact lets something past the gates or the approval.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import naming
from policies.finding import Finding, at
from policies.templates.shape import ANY, beside, named
from policies.templates.template import Resource, StackTemplate, as_text, resources

REMEDY = "leave the pipeline's definition to stages/pipeline/stack.py, and the shape to this rule"
PIPELINE = "AWS::CodePipeline::Pipeline"
SAYS = {
    **named("ArtifactStores", "Name", "RoleArn", "Stages"),
    # What has changed the pipeline is delivered by the changed one.
    "RestartExecutionOnUpdate": True,
    # A newer commit takes the place of one that waits; another mode lets both go on.
    "ExecutionMode": "SUPERSEDED",
    "PipelineType": "V2",
}
STAGE = {**named("Actions", "Name"), "OnFailure": {"Result": "ROLLBACK"}}
ACTION = named("ActionTypeId", "InputArtifacts", "Name", "Namespace", "OutputArtifacts", "RunOrder")
# What the actions of a provider say beside that. All others act here, by the pipeline's own role.
OF_A_PROVIDER = {
    "CodeStarSourceConnection": {
        "Configuration": named("BranchName", "ConnectionArn", "FullRepositoryId")
    },
    "CodeBuild": {"Configuration": named("EnvironmentVariables", "ProjectName")},
    "CloudFormation": {
        **named("Region", "RoleArn"),
        "Configuration": {
            **named("ActionMode", "ChangeSetName", "RoleArn", "StackName", "TemplatePath"),
            "Capabilities": "CAPABILITY_NAMED_IAM,CAPABILITY_AUTO_EXPAND",
        },
    },
    "Manual": {
        "TimeoutInMinutes": ANY,
        "Configuration": named("CustomData", "ExternalEntityLink", "NotificationArn"),
    },
}
SOURCE, SYNTH = "Source", "Build"
OUR_SOURCES, WHAT_WAS_CHECKED = f"CodeBuild of {SOURCE}", f"CodeBuild of {SYNTH}"
REGION = (f"CloudFormation of {SYNTH}", "CloudFormation", OUR_SOURCES)
# The stages in their order. Of each: who acts, one after the other, and on which stage's artifact.
STAGES = {
    SOURCE: ("CodeStarSourceConnection",),
    SYNTH: (OUR_SOURCES,),
    "UpdatePipeline": (WHAT_WAS_CHECKED,),
    "Assets": (WHAT_WAS_CHECKED,),
    naming.stage(naming.PRIMARY): REGION,
    "supersede": (OUR_SOURCES,),
    naming.APPROVAL_STAGE: ("Manual",),
    naming.stage(naming.STANDBY): REGION,
}


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    pipelines = [*resources(stacks, PIPELINE)]
    for pipeline in pipelines:
        for what in (*_beside(pipeline), *_stages(pipeline), *_deployments(pipeline, stacks)):
            yield at(pipeline, what, exact=what)
        if len(pipelines) > 1:
            yield at(pipeline, "there is more than one pipeline", exact="more than one")


def _beside(pipeline: Resource) -> Iterator[str]:
    """Yield what the definition says that has no place in the shape."""
    yield from beside(pipeline.properties, SAYS, "Properties")
    for stage in pipeline.properties["Stages"]:
        yield from beside(stage, STAGE, stage["Name"])
        for action in stage["Actions"]:
            own = OF_A_PROVIDER.get(action["ActionTypeId"]["Provider"], {})
            yield from beside(action, {**ACTION, **own}, action["Name"])


def _stages(pipeline: Resource) -> Iterator[str]:
    """Yield where stages, actions or artifacts differ from the shape."""
    stages = {stage["Name"]: stage["Actions"] for stage in pipeline.properties["Stages"]}
    if [*stages] != [*STAGES]:
        yield f"the stages are {', '.join(stages)}, not {', '.join(STAGES)}"
    made_by = {
        artifact["Name"]: name
        for name, actions in stages.items()
        for action in actions
        for artifact in action.get("OutputArtifacts", ())
    }
    for name, actions in stages.items():
        orders = [action["RunOrder"] for action in actions]
        given = tuple(_acts(action, made_by) for action in actions)
        if given != STAGES.get(name) or orders != sorted({*orders}):
            wanted = ", then ".join(STAGES.get(name, ["nothing"]))
            by = ", ".join(f"{who} at {order}" for who, order in zip(given, orders, strict=True))
            yield f"in the stage {name} act {by}, not {wanted}"


def _acts(action: Mapping[str, Any], made_by: Mapping[str, str]) -> str:
    of = [made_by.get(each["Name"], each["Name"]) for each in action.get("InputArtifacts", ())]
    return f"{action['ActionTypeId']['Provider']}{' of ' if of else ''}{', '.join(of)}"


def _deployments(pipeline: Resource, stacks: Sequence[StackTemplate]) -> Iterator[str]:
    """Yield where a deployment is not that of its region's stack, by the bootstrap's roles."""
    of_region = {stack.stage: stack for stack in stacks if stack.stage}
    for stage in pipeline.properties["Stages"]:
        for action in stage["Actions"] if stage["Name"] in of_region else ():
            for what, given, wanted in _deployment(action, of_region[stage["Name"]]):
                if given is not None and wanted not in as_text(given):
                    yield f"the action {action['Name']} has {what} {as_text(given)}, not {wanted}"


def _deployment(
    action: Mapping[str, Any], target: StackTemplate
) -> Iterator[tuple[str, object, str]]:
    given, region = action["Configuration"], target.region
    roles = {"deploy": action.get("RoleArn"), "cfn-exec": given.get("RoleArn")}
    for purpose, role in roles.items():
        arn = naming.bootstrap_role_arn(purpose, region, target.account)
        yield "the role", role, arn.partition(":iam:")[2]
    yield "the region", action.get("Region"), region
    yield "the stack", given.get("StackName"), target.name
    yield "the template", given.get("TemplatePath"), f"::{naming.stage_assembly(region)}/"
