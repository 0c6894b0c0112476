"""What the pipeline takes from where, in which order, and after whose approval."""

from collections.abc import Callable
from typing import Any, TypeAlias

from attacks.attack import ASSEMBLY, PIPELINE, STACK, Attack, Plant, add, drop, edit, put

HERE = [PIPELINE]
FLOW, STAGES = "Pipeline/Pipeline", "Properties.Stages"
SHAPE = "Project-pipeline-shape"
SOURCES = [{"Name": "example_serverless_file_ingestion_Source"}]
ADMIN = "arn:aws:iam::000000000000:role/admin"
SKIP = {"Conditions": [{"Result": "SKIP", "Rules": []}]}
PULLS = {"PullRequest": [{"Branches": {"Includes": ["*"]}}]}
TRIGGER = {"ProviderType": "CodeStarSourceConnection", "GitConfiguration": PULLS}
Stages: TypeAlias = list[dict[str, Any]]


def _flow(path: str, value: object) -> Plant:
    return put(FLOW, f"Properties.{path}", value, stacks=HERE)


def _stage(stage: str, path: str, value: object) -> Plant:
    return _flow(f"Stages.{stage}.{path}", value)


def _stages(change: Callable[[Stages], object]) -> Plant:
    return edit(FLOW, STAGES, change, stacks=HERE)


def _without(name: str, stages: Stages) -> Stages:
    return [each for each in stages if each["Name"] != name]


def _named(name: str, stages: Stages) -> dict[str, Any]:
    return next(each for each in stages if each["Name"] == name)


def _moved(stages: Stages) -> Stages:
    return [*_without("approval", stages), _named("approval", stages)]


def _second_source(stages: Stages) -> Stages:
    source = stages[0]
    more = {**source["Actions"][0], "Name": "More", "OutputArtifacts": [{"Name": "More"}]}
    return [{**source, "Actions": [*source["Actions"], more]}, *stages[1:]]


SHAPES = {
    "a trigger on pull requests": _flow("Triggers", [TRIGGER]),
    "a variable that anybody who starts it sets": _flow("Variables", [{"Name": "BRANCH"}]),
    "an entry condition that skips the approval": _stage("approval", "BeforeEntry", SKIP),
    "a success that needs no condition": _stage("Build", "OnSuccess", SKIP),
    "a build that is tried until it passes": _stage("Build", "OnFailure", {"Result": "RETRY"}),
    "a failed proof that is skipped": _stage("primary", "OnFailure", {"Result": "SKIP"}),
    "no approval": _stages(lambda stages: _without("approval", stages)),
    "an approval after the standby": _stages(_moved),
    "gates that come after the deployment": _stages(
        lambda stages: [stages[0], *reversed(stages[1:])]
    ),
    "a second source": _stages(_second_source),
    "a source of another kind": _stage("Source", "Actions.0.ActionTypeId.Provider", "S3"),
    "a proof at the same time as the deployment": _stage("primary", "Actions.2.RunOrder", 2),
    "a proof before the deployment": _stage("standby", "Actions.2.RunOrder", 1),
    "a proof of other sources": _stage(
        "standby", "Actions.2.InputArtifacts", [{"Name": "Synth_Output"}]
    ),
    "a deployment of what lies in the sources": _stage(
        "standby",
        "Actions.0.InputArtifacts",
        SOURCES,
    ),
    "assets of what lies in the sources": _stage("Assets", "Actions.0.InputArtifacts", SOURCES),
    "a template from another folder": _stage(
        "standby", "Actions.0.Configuration.TemplatePath", "Synth_Output::mine/tap.template.json"
    ),
    "parameters that no template has": _stage(
        "standby", "Actions.0.Configuration.ParameterOverrides", "{}"
    ),
    "another stack": _stage("standby", "Actions.0.Configuration.StackName", "serverless-mine-prod"),
    "more capabilities": _stage(
        "primary", "Actions.0.Configuration.Capabilities", "CAPABILITY_IAM"
    ),
    "a deployment by another role": _stage("primary", "Actions.1.RoleArn", ADMIN),
    "CloudFormation by another role": _stage("primary", "Actions.0.Configuration.RoleArn", ADMIN),
    "a build by a role of its own": _stage("Build", "Actions.0.RoleArn", ADMIN),
    "a build of several at once": _stage("Build", "Actions.0.Configuration.BatchEnabled", "true"),
    "commands in the pipeline itself": _stage("Build", "Actions.0.Commands", ["sh extra.sh"]),
    "a deployment in another region": _stage("standby", "Actions.0.Region", "eu-west-1"),
}
WRITE = "might be deployed\nwrite in the line shown above, or where that takes it from, what"
ATTACKS = (
    *(Attack(what, plant, by=SHAPE, says=WRITE) for what, plant in SHAPES.items()),
    Attack(
        "another branch",
        _stage("Source", "Actions.0.Configuration.BranchName", "mine"),
        by="other-source",
    ),
    Attack(
        "another repository",
        _stage("Source", "Actions.0.Configuration.FullRepositoryId", "stranger/fork"),
        by="other-source",
    ),
    Attack(
        "an approval that ends at once",
        _stage("approval", "Actions.0.TimeoutInMinutes", 5),
        by="time-limit",
    ),
    Attack(
        "an approval on other evidence",
        _stage(
            "approval",
            "Actions.0.Configuration.ExternalEntityLink",
            "https://us-east-1.console.aws.amazon.com/",
        ),
        by="other-approval",
    ),
    Attack(
        "an approver who is told that there is nothing to look at",
        edit(
            FLOW,
            f"{STAGES}.approval.Actions.0.Configuration.CustomData",
            lambda text: f"{text} All gates are green.",
            stacks=HERE,
        ),
        by="other-approval",
        says="CustomData",
    ),
    Attack(
        "a failed region that stays",
        drop(FLOW, f"{STAGES}.primary.OnFailure", stacks=HERE),
        by="no-rollback",
    ),
    Attack(
        "artifacts in another bucket",
        _flow("ArtifactStores.0.ArtifactStore.Location", "serverless-mine-prod"),
        by="other-artifacts",
    ),
    Attack(
        "artifacts without their key",
        drop(FLOW, "Properties.ArtifactStores.0.ArtifactStore.EncryptionKey", stacks=HERE),
        by="Project-encrypted-at-rest",
    ),
    Attack(
        "another build in the place of the gates",
        _stage(
            "Build",
            "Actions.0.Configuration.ProjectName",
            {"Ref": "PipelineAssetsFileAsset5D8C5DA6"},
        ),
        by="other-delivery",
    ),
    Attack(
        "a rule that starts the pipeline from elsewhere",
        add(
            "Planted",
            "AWS::Events::Rule",
            Targets=[{"Id": "1", "Arn": {"Ref": "Pipeline9850B417"}, "InputTransformer": {}}],
            stacks=HERE,
        ),
        by="sends-elsewhere",
    ),
    Attack(
        "a second pipeline",
        add("Planted", "AWS::CodePipeline::Pipeline", Stages=[], stacks=HERE),
        by=SHAPE,
        says="more than one",
    ),
    *(
        Attack(
            f"a delivery beside it, {type_}",
            add("Planted", type_, stacks=HERE),
            by="other-delivery",
        )
        for type_ in (
            "AWS::CodePipeline::Webhook",
            "AWS::CodeBuild::SourceCredential",
            "AWS::CodeConnections::Connection",
            "AWS::CodeDeploy::Application",
        )
    ),
    Attack(
        "a deployment by a stranger's role, in the manifest",
        put(
            STACK,
            "serverlesspipelineprodprimarytap574F5C2F.assumeRoleArn",
            ADMIN,
            stacks=[ASSEMBLY],
        ),
        by="other-deployer",
        says="role/admin",
    ),
)
