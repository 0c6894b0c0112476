"""The pipeline's own template: what happens after a push, in which order."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk.cx_api import CloudAssembly

from tests import deployer

ROOT = Path(__file__).resolve().parents[2]
CODEBUILD_PROJECT = "AWS::CodeBuild::Project"


@pytest.fixture(scope="session")
def template(own_assembly: CloudAssembly) -> Mapping[str, Any]:
    """The pipeline's stack with every setting changed."""
    stack = own_assembly.get_stack_artifact("serverless-pipeline-prod")
    document: Mapping[str, Any] = json.loads(Path(stack.template_full_path).read_text())
    return document


@pytest.fixture(scope="session")
def pipeline(template: Mapping[str, Any]) -> Mapping[str, Any]:
    [found] = _all(template, "AWS::CodePipeline::Pipeline")
    return found


def test_a_push_is_gated_deployed_to_us_east_1_approved_and_deployed_to_us_west_2(
    pipeline: Mapping[str, Any],
) -> None:
    stages = [stage["Name"] for stage in pipeline["Stages"]]

    assert stages == [
        "Source",
        "Build",
        "UpdatePipeline",
        "Assets",
        "primary",
        "supersede",
        "approval",
        "standby",
    ]


def test_each_region_is_verified_after_it_is_deployed(pipeline: Mapping[str, Any]) -> None:
    actions = {
        name: [action["Name"] for action in sorted(_actions(pipeline, name), key=_run_order)]
        for name in ("primary", "standby")
    }

    assert actions == {
        "primary": [
            "serverless-data-ingestion-us-east-1-prod.Prepare",
            "serverless-data-ingestion-us-east-1-prod.Deploy",
            "Verify-us-east-1",
        ],
        "standby": [
            "serverless-data-ingestion-us-west-2-prod.Prepare",
            "serverless-data-ingestion-us-west-2-prod.Deploy",
            "Verify-us-west-2",
        ],
    }


def test_a_failed_region_is_rolled_back(pipeline: Mapping[str, Any]) -> None:
    failures = {stage["Name"]: stage.get("OnFailure") for stage in pipeline["Stages"]}

    assert failures["primary"] == {"Result": "ROLLBACK"}
    assert failures["standby"] == {"Result": "ROLLBACK"}


def test_the_approval_notifies_people_links_the_evidence_and_expires(
    template: Mapping[str, Any], pipeline: Mapping[str, Any]
) -> None:
    [approval] = _actions(pipeline, "approval")
    [topic] = _all(template, "AWS::SNS::Topic")

    assert approval["ActionTypeId"]["Category"] == "Approval"
    assert approval["TimeoutInMinutes"] == 5760
    assert approval["Configuration"]["ExternalEntityLink"].startswith("https://")
    # The mail's own words: the verdict and the commits, as the verification's build read them.
    assert "#{primary@Verify-us-east-1.SUMMARY}" in approval["Configuration"]["CustomData"]
    assert "NotificationArn" in approval["Configuration"]
    assert topic["TopicName"] == "serverless-approvals-prod"
    assert "KmsMasterKeyId" in topic


def test_a_newer_commit_supersedes_a_waiting_one(pipeline: Mapping[str, Any]) -> None:
    assert pipeline["PipelineType"] == "V2"
    assert pipeline["ExecutionMode"] == "SUPERSEDED"
    assert pipeline["RestartExecutionOnUpdate"] is True


def test_the_source_is_the_configured_branch(pipeline: Mapping[str, Any]) -> None:
    [source] = _actions(pipeline, "Source")

    assert source["Configuration"]["FullRepositoryId"] == deployer.OWN["repository"]
    assert source["Configuration"]["BranchName"] == deployer.OWN["branch"]
    assert source["Configuration"]["ConnectionArn"] == deployer.OWN["connectionArn"]


def test_the_gates_run_before_anything_is_deployed(template: Mapping[str, Any]) -> None:
    commands = _build_commands(template, "Pipeline step serverless-pipeline-prod/Pipeline/Build")

    assert commands == [
        "make check",
        "make unit",
        "make adapters",
        "make infra",
        "make scan",
        "make review BASE=deployed",
    ]


def test_the_build_of_bundles_has_lambda_s_python_beside_its_own(
    template: Mapping[str, Any],
) -> None:
    described = "Pipeline step serverless-pipeline-prod/Pipeline/Build"
    [resource] = [
        each
        for each in _all(template, CODEBUILD_PROJECT)
        if each["Description"].startswith(described)
    ]

    assert resource["Environment"]["Image"] == "aws/codebuild/amazonlinux-x86_64-standard:5.0"
    [command] = _build_commands(template, described, "install")
    assert command == "pyenv global $PYTHON_311_VERSION $PYTHON_314_VERSION"


@pytest.mark.parametrize("step", ["Build", "primary/Verify", "standby/Verify"])
def test_a_report_is_published_whether_it_is_green_or_red(
    template: Mapping[str, Any], step: str
) -> None:
    described = f"Pipeline step serverless-pipeline-prod/Pipeline/{step}"

    first, *rest = _build_commands(template, described, "post_build")
    assert first == "make publish-review"
    assert all("build/review/mail.txt" in each for each in rest)


def test_the_approval_links_the_commits_report_with_the_verification_of_us_east_1(
    template: Mapping[str, Any], pipeline: Mapping[str, Any]
) -> None:
    [source] = _actions(pipeline, "Source")
    [approval] = _actions(pipeline, "approval")
    [verify] = [each for each in _actions(pipeline, "primary") if each["Name"].startswith("Verify")]
    commit = f"#{{{source['Namespace']}.CommitId}}"
    reported = {
        each["name"]: each["value"]
        for each in json.loads(verify["Configuration"]["EnvironmentVariables"])
    }

    assert approval["Configuration"]["ExternalEntityLink"] == (
        "https://us-east-1.console.aws.amazon.com/s3/object/"
        "serverless-pipeline-artifacts-us-east-1-prod-acme?region=us-east-1"
        f"&prefix=reports/{commit}/report.html"
    )
    assert reported["COMMIT"] == commit
    assert (
        _build_commands(template, "Pipeline step serverless-pipeline-prod/Pipeline/primary/Verify")[
            0
        ]
        == "make verify"
    )


def test_the_access_point_is_named_to_the_verification_of_the_region_that_owns_it(
    pipeline: Mapping[str, Any],
) -> None:
    for stage, named in (("primary", False), ("standby", True)):
        [verify] = [each for each in _actions(pipeline, stage) if each["Name"].startswith("Verify")]

        variables = json.loads(verify["Configuration"]["EnvironmentVariables"])

        names = {each["name"] for each in variables}
        assert names >= {"BUCKET", "TABLE", "CANARY_EVENTS_URL"}
        assert ("ACCESS_POINT" in names) == named


def test_a_verified_commit_stops_an_older_one_that_waits_and_the_review_asks_what_is_deployed(
    template: Mapping[str, Any], pipeline: Mapping[str, Any]
) -> None:
    described = "Pipeline step serverless-pipeline-prod/Pipeline/supersede/Supersede"
    [supersede] = _actions(pipeline, "supersede")
    constant = _project(template, described)["Environment"]["EnvironmentVariables"]
    given = json.loads(supersede["Configuration"]["EnvironmentVariables"])
    variables = {each.get("Name"): each.get("Value") for each in constant} | {
        each["name"]: each["value"] for each in given
    }
    rights = [
        (statement["Resource"], statement["Action"])
        for policy in _all(template, "AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if "codepipeline:" in str(statement["Action"])
    ]
    pipeline_arn = f"arn:aws:codepipeline:us-east-1:{deployer.OWN_ACCOUNT}:serverless-pipeline-prod"

    assert _build_commands(template, described) == ["make supersede"]
    assert variables == {
        "PIPELINE": "serverless-pipeline-prod",
        "PRIMARY_STAGE": "primary",
        "APPROVAL_STAGE": "approval",
        "EXECUTION": "#{codepipeline.PipelineExecutionId}",
    }
    assert rights == [
        (pipeline_arn, "codepipeline:ListActionExecutions"),
        (
            pipeline_arn,
            [
                "codepipeline:GetPipelineExecution",
                "codepipeline:GetPipelineState",
                "codepipeline:StopPipelineExecution",
            ],
        ),
    ]


def test_the_review_may_read_the_deployed_code_whose_contracts_it_compares(
    template: Mapping[str, Any],
) -> None:
    bundles = [
        (statement["Action"], statement.get("Resource"))
        for policy in _all(template, "AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if "-assets-" in str(statement.get("Resource"))
    ]
    account = deployer.OWN_ACCOUNT

    assert bundles == [
        ("s3:GetObject", f"arn:aws:s3:::cdk-fileingest-assets-{account}-us-east-1/*")
    ]


def test_a_stage_that_is_rolled_back_stops_no_execution(
    template: Mapping[str, Any], pipeline: Mapping[str, Any]
) -> None:
    rolled_back = [
        stage["Name"]
        for stage in pipeline["Stages"]
        if stage.get("OnFailure", {}).get("Result") == "ROLLBACK"
    ]

    assert rolled_back == ["primary", "standby"]
    for name in rolled_back:
        described = f"Pipeline step serverless-pipeline-prod/Pipeline/{name}/Verify"
        assert _build_commands(template, described) == ["make verify"]


def test_every_build_that_deploys_or_publishes_installs_the_pinned_cdk_command_line(
    template: Mapping[str, Any],
) -> None:
    pinned = json.loads((ROOT / "package.json").read_text())["devDependencies"]["aws-cdk"]
    specs = [
        json.loads(project["Source"]["BuildSpec"])["phases"]
        for project in _all(template, CODEBUILD_PROJECT)
        if "npm install" in project["Source"]["BuildSpec"]
    ]

    assert [spec["install"]["commands"] for spec in specs] == 2 * [
        [f"npm install -g aws-cdk@{pinned}"]
    ]
    assert [spec["install"]["runtime-versions"] for spec in specs] == 2 * [{"nodejs": "22"}]
    assert [spec["build"]["commands"][0].split()[:4] for spec in specs] == [
        ["cdk", "-a", ".", "deploy"],
        ["cdk", "-a", ".", "publish-assets"],
    ]


def test_the_pipelines_role_may_use_no_key_but_its_own(template: Mapping[str, Any]) -> None:
    [denied] = [
        statement
        for policy in _all(template, "AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
    ]

    own = [id_ for id_, each in template["Resources"].items() if each["Type"] == "AWS::KMS::Key"]
    assert len(own) == 2
    assert denied == {
        "Action": "kms:*",
        "Effect": "Deny",
        "NotResource": [{"Fn::GetAtt": [key, "Arn"]} for key in own],
        "Condition": {
            "ForAllValues:StringNotEquals": {
                "kms:ResourceAliases": [
                    "alias/serverless-pipeline-artifacts-prod",
                    "alias/serverless-approvals-prod",
                ]
            }
        },
    }


def test_artifacts_are_encrypted_with_rotated_keys_in_both_regions(
    template: Mapping[str, Any], pipeline: Mapping[str, Any]
) -> None:
    regions = {store["Region"] for store in pipeline["ArtifactStores"]}
    keys = _all(template, "AWS::KMS::Key")

    assert regions == {"us-east-1", "us-west-2"}
    assert all("EncryptionKey" in store["ArtifactStore"] for store in pipeline["ArtifactStores"])
    assert keys
    assert all(key["EnableKeyRotation"] is True for key in keys)


def test_the_standby_is_deployed_with_the_bootstrap_role_of_its_region(
    pipeline: Mapping[str, Any],
) -> None:
    [deploy] = [
        action for action in _actions(pipeline, "standby") if action["Name"].endswith(".Deploy")
    ]

    assert f":{deployer.OWN_ACCOUNT}:role/cdk-" in json.dumps(deploy["RoleArn"])
    assert "-us-west-2" in json.dumps(deploy["RoleArn"])
    assert deploy["Region"] == "us-west-2"


def test_the_verifier_of_a_region_can_do_nothing_but_assume_that_regions_verification_role(
    template: Mapping[str, Any],
) -> None:
    statements = [
        statement
        for policy in _all(template, "AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Action"] == "sts:AssumeRole" and "verification" in str(statement["Resource"])
    ]

    assert {statement["Resource"] for statement in statements} == {
        f"arn:aws:iam::{deployer.OWN_ACCOUNT}:role/serverless-verification-us-east-1-prod",
        f"arn:aws:iam::{deployer.OWN_ACCOUNT}:role/serverless-verification-us-west-2-prod",
    }


def _all(template: Mapping[str, Any], type_: str) -> list[Mapping[str, Any]]:
    resources = template["Resources"].values()
    return [each.get("Properties", {}) for each in resources if each["Type"] == type_]


def _actions(pipeline: Mapping[str, Any], stage_name: str) -> list[Mapping[str, Any]]:
    [actions] = [each["Actions"] for each in pipeline["Stages"] if each["Name"] == stage_name]
    found: list[Mapping[str, Any]] = actions
    return found


def _run_order(action: Mapping[str, Any]) -> int:
    order: int = action["RunOrder"]
    return order


def _build_commands(
    template: Mapping[str, Any], description: str, phase: str = "build"
) -> list[str]:
    project = _project(template, description)
    commands: list[str] = json.loads(project["Source"]["BuildSpec"])["phases"][phase]["commands"]
    return commands


def _project(template: Mapping[str, Any], description: str) -> Mapping[str, Any]:
    [project] = [
        each
        for each in _all(template, CODEBUILD_PROJECT)
        if each["Description"].startswith(description)
    ]
    return project
