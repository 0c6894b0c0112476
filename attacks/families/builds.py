"""What the pipeline's builds run, on what, and what they are told."""

from attacks.attack import PIPELINE, Attack, Plant, add, append, edit, put

HERE = [PIPELINE]
FLOW = "Pipeline/Pipeline"
SYNTH = "Pipeline/Pipeline/Build/Synth/CdkBuildProject"
MUTATE = "Pipeline/UpdatePipeline/SelfMutation"
VERIFY = "Pipeline/Pipeline/primary/Verify-us-east-1/Verify-us-east-1"
SPECIFICATION = "Properties.Source.BuildSpec"
VARIABLES = "Properties.Environment.EnvironmentVariables"
BUILD = "Project-build-shape"


def _build(build: str, path: str, value: object) -> Plant:
    return put(build, f"Properties.{path}", value, stacks=HERE)


BUILDS = {
    "that goes on after a failure": _build(
        SYNTH, "Source.BuildSpec.phases.build.on-failure", "CONTINUE"
    ),
    "with a phase before": _build(
        SYNTH, "Source.BuildSpec.phases.pre_build", {"commands": ["true"]}
    ),
    "with commands at the end": _build(SYNTH, "Source.BuildSpec.phases.build.finally", ["sh x.sh"]),
    "that swallows a status": append(
        SYNTH, f"{SPECIFICATION}.phases.build.commands", "make scan || true", stacks=HERE
    ),
    "that ignores failures": append(
        SYNTH, f"{SPECIFICATION}.phases.build.commands", "make -i check", stacks=HERE
    ),
    "with a script": append(
        MUTATE, f"{SPECIFICATION}.phases.build.commands", "sh x.sh", stacks=HERE
    ),
    "of another assembly": _build(
        MUTATE,
        "Source.BuildSpec.phases.build.commands",
        ["cdk -a mine deploy serverless-pipeline-prod"],
    ),
    "with the newest CDK": _build(
        MUTATE, "Source.BuildSpec.phases.install.commands", ["npm install -g aws-cdk@latest"]
    ),
    "that keeps an assembly of the sources": _build(
        SYNTH, "Source.BuildSpec.artifacts.base-directory", "prebuilt"
    ),
    "with variables of its specification": _build(
        SYNTH, "Source.BuildSpec.env", {"variables": {"PYTEST_ADDOPTS": "-k none"}}
    ),
    "with a specification in a file": _build(SYNTH, "Source.BuildSpec", "buildspec.yml"),
    "with a variable more": append(
        SYNTH,
        VARIABLES,
        {"Name": "MAKEFLAGS", "Value": "-n"},
        stacks=HERE,
    ),
    "without a watch": append(
        VERIFY,
        VARIABLES,
        {"Name": "WATCH_S", "Value": "0"},
        stacks=HERE,
    ),
    "with a stranger's image": _build(SYNTH, "Environment.Image", "docker.io/stranger/python:3"),
    "that trusts a stranger's certificate": _build(SYNTH, "Environment.Certificate", "mine/ca.pem"),
    "with a stranger's registry": _build(
        SYNTH, "Environment.ImagePullCredentialsType", "SERVICE_ROLE"
    ),
    "that everybody can read": _build(SYNTH, "Visibility", "PUBLIC_READ"),
    "that a pull request starts": _build(SYNTH, "Triggers", {"Webhook": True}),
    "with second sources": _build(SYNTH, "SecondarySources", [{"Type": "GITHUB"}]),
    "from another source": _build(SYNTH, "Source.Type", "GITHUB"),
    "with a cache": _build(SYNTH, "Cache.Type", "S3"),
    "with files of others": _build(SYNTH, "FileSystemLocations", [{"MountPoint": "/mnt"}]),
    "in a network": _build(SYNTH, "VpcConfig", {"VpcId": "vpc-1"}),
    "that is root of its host": _build(SYNTH, "Environment.PrivilegedMode", value=True),
}
OPERATOR = "arn:aws:iam::000000000000:role/serverless-operator-us-east-1-prod"
PROOFS = {
    "of another region": ("REGION", "us-west-2"),
    "by another role": ("ROLE", OPERATOR),
    "of a replication to itself": ("PEER_REGION", "us-east-1"),
    "of a replication, by another role": ("PEER_ROLE", OPERATOR),
}
WRITE = "put it back in the line shown above"
ATTACKS = (
    *(Attack(f"a build {what}", plant, by=BUILD, says=WRITE) for what, plant in BUILDS.items()),
    *(
        Attack(
            f"a proof {what}",
            _build(VERIFY, f"Environment.EnvironmentVariables.{name}.Value", value),
            by=BUILD,
            says="primary",
            found_at=FLOW,
        )
        for what, (name, value) in PROOFS.items()
    ),
    Attack(
        "a proof of no replication",
        edit(VERIFY, VARIABLES, lambda old: old[:2] + old[4:], stacks=HERE),
        by=BUILD,
        says="primary",
        found_at=FLOW,
    ),
    Attack(
        "a variable that an action hands to its build",
        append(
            FLOW,
            "Properties.Stages.Build.Actions.0.Configuration.EnvironmentVariables",
            {"name": "PYTEST_ADDOPTS", "value": "-k none", "type": "PLAINTEXT"},
            stacks=HERE,
        ),
        by=BUILD,
        says="PYTEST_ADDOPTS",
    ),
    Attack("a proof without time", _build(VERIFY, "TimeoutInMinutes", 5), by="time-limit"),
    Attack(
        "a gate fewer",
        edit(SYNTH, f"{SPECIFICATION}.phases.build.commands", lambda old: old[1:], stacks=HERE),
        by="build-commands",
    ),
    Attack(
        "reports in another place",
        _build(
            SYNTH,
            "Environment.EnvironmentVariables.REPORTS.Value",
            "s3://serverless-mine-prod/reports",
        ),
        by="build-environment",
    ),
    Attack(
        "one more build",
        add("Planted", "AWS::CodeBuild::Project", Source={}, stacks=HERE),
        by="other-build",
    ),
    Attack(
        "a build that no stack of the app has",
        put(
            FLOW, "Properties.Stages.Build.Actions.0.Configuration.ProjectName", "mine", stacks=HERE
        ),
        by=BUILD,
        says="runs the build mine",
    ),
)
