"""What lets nothing past the gates, and still stops a delivery or lets an old one through."""

from attacks.attack import ASSEMBLY, PIPELINE, STACK, Attack, Plant, edit, extend, put
from attacks.variants import joined, told

FLOW = "Pipeline/Pipeline"
SHAPE, STANDS = "Project-pipeline-shape", "after a newer one is in the primary"


def _put(path: str, value: object) -> Plant:
    return put(FLOW, f"Properties.{path}", value, stacks=[PIPELINE])


NO_PUSH = _put("Stages.Source.Actions.0.Configuration.DetectChanges", value=False)
NEVER_SUPERSEDED = edit(
    FLOW,
    "Properties.Stages",
    lambda stages: [each for each in stages if each["Name"] != "supersede"],
    stacks=[PIPELINE],
)
SHAPES: dict[str, tuple[Plant, str]] = {
    "a push that starts nothing": (NO_PUSH, "nothing is deployed until somebody starts it by hand"),
    "a delivery by the pipeline that was": (
        _put("RestartExecutionOnUpdate", value=False),
        "is delivered by the pipeline as it was before",
    ),
    "a disabled transition": (
        _put("DisableInboundStageTransitions", [{"StageName": "approval"}]),
        "no commit gets into that stage until somebody enables it by hand",
    ),
    "a queue of executions": (_put("ExecutionMode", "QUEUED"), STANDS),
    "executions beside each other": (_put("ExecutionMode", "PARALLEL"), STANDS),
    "a pipeline of the first kind": (_put("PipelineType", "V1"), "only a pipeline of type V2 does"),
    "no stage that supersedes": (NEVER_SUPERSEDED, "can be approved over a newer one"),
}

# What each of them means, as it is told of what differs from the base.
MEANING = {
    "a queue of executions": STANDS,
    "a pipeline of the first kind": "of type V2 rolls a failed deployment back",
    "a delivery by the pipeline that was": "the pipeline as it was before goes on with it",
    "a disabled transition": "until somebody enables the transition by hand",
}
TRIGGERS = _put("Triggers", [{"ProviderType": "CodeStarSourceConnection"}])
RETRIES = put(
    f"{FLOW}/Build/Synth/CdkBuildProject", "Properties.AutoRetryLimit", 3, stacks=[PIPELINE]
)
BUILD = f"{FLOW}/Build/Synth/CdkBuildProject"
# What of a build becomes what, and what that means.
BUILT = {
    "a build that all may read": ("Visibility", "PUBLIC_READ", "anybody on the internet"),
    "a build that a push starts": ("Triggers", {"Webhook": True}, "a commit that no gate has seen"),
    "a build that begins with another's files": (
        "Cache",
        {"Type": "LOCAL", "Modes": ["LOCAL_CUSTOM_CACHE"]},
        "what an earlier build has left",
    ),
    "a build without a log": (
        "LogsConfig",
        {"CloudWatchLogs": {"Status": "DISABLED"}},
        "why a gate is red",
    ),
}
WHYS = (
    ("a filter of pushes", TRIGGERS, "other-delivery", "the place of every push to the branch"),
    ("a filter of pushes", TRIGGERS, SHAPE, "no longer at each push to the branch"),
    ("a gate that is run until it is green", RETRIES, "other-build", "counts as passed"),
    ("a gate that is run until it is green", RETRIES, "Project-build-shape", "counts as passed"),
    (
        "all actions of a region at once",
        _put("Stages.primary.Actions.2.RunOrder", 1),
        "other-delivery",
        "a region may be verified before it is deployed",
    ),
    (
        "a stage that decides by itself whether it is done",
        _put("Stages.primary.OnSuccess", {"Conditions": [{"Result": "SKIP"}]}),
        "other-delivery",
        "let a commit past the stage",
    ),
    (
        "tags and a policy of a stack beside its template",
        _put(
            "Stages.primary.Actions.1.Configuration.TemplateConfiguration",
            "Synth_Output::a.template.json.config.json",
        ),
        "other-delivery",
        "this file has tags, parameters and a policy",
    ),
    *(
        (
            what,
            put(STACK, f"serverless-pipeline-prod.{of}", to, stacks=[ASSEMBLY]),
            "other-deployer",
            says,
        )
        for what, of, to, says in (
            (
                "events of deployments for a stranger",
                "notificationArns",
                ["arn:a"],
                "to these topics",
            ),
            ("tags that IAM refuses", "tags", {"Team": "a", "team": "b"}, "rights can go by them"),
        )
    ),
    (
        "a Makefile that makes itself",
        extend("Makefile", "\nGNUmakefile: always\n\t@sed -i s/1/0/ ops/verdict.py\n"),
        "command-changed",
        "make makes its own Makefile",
    ),
    *((what, SHAPES[what][0], "other-delivery", says) for what, says in MEANING.items()),
    *(
        (what, put(BUILD, f"Properties.{of}", to, stacks=[PIPELINE]), "other-build", says)
        for what, (of, to, says) in BUILT.items()
    ),
)

ATTACKS = joined(
    *(told(f"{what}, and what it means", plant, by, says=says) for what, plant, by, says in WHYS),
    tuple(Attack(what, plant, by=SHAPE, says=says) for what, (plant, says) in SHAPES.items()),
    told(
        "a source that no push starts",
        NO_PUSH,
        "other-source",
        says="if not, nothing is deployed until somebody starts it by hand",
    ),
    told(
        "a build that supersedes by another stage",
        put(
            f"{FLOW}/supersede/Supersede/Supersede",
            "Properties.Environment.EnvironmentVariables.PRIMARY_STAGE.Value",
            "standby",
            stacks=[PIPELINE],
        ),
        "build-environment",
        says="make supersede finds an older commit that still waits for approval",
    ),
    told(
        "a build that takes itself for another execution",
        _put("Stages.supersede.Actions.0.Configuration.EnvironmentVariables.EXECUTION.value", "1"),
        "build-environment",
        says="make supersede finds an older commit that still waits for approval",
    ),
)
