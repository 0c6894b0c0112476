"""What the app does only under another setting is seen before somebody sets it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from constructs import Construct

from policies import app, register, synthesis
from policies.changes.comparison import Base, compare
from policies.changes.resource_spec import Spec
from policies.check import check_twice
from policies.command_line import Undetermined
from policies.finding import Finding
from policies.register_checks import UNUSED
from policies.templates import assembly
from policies.templates.assembly import Assembly
from services.deployment_target import Target
from stages.settings import Settings
from stages.tap_stack import TapStack
from tests import deployer
from tests.policy.conftest import TODAY, Synthesize

QUEUE = "serverless-pipeline-prod/primary/tap/Processor/DeadLetters/Queue/Resource"
OPENED = "serverless-pipeline-prod/{}/tap/Opened"
OPEN = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}


class OpenedByMail(TapStack):
    """A region's stack of which everybody may fill a queue, once there is an address for alarms."""

    def __init__(self, scope: Construct, id_: str, *, target: Target, settings: Settings) -> None:
        super().__init__(scope, id_, target=target, settings=settings)
        if settings.alert_email:
            document = {"Version": "2012-10-17", "Statement": [OPEN]}
            cdk.aws_sqs.CfnQueuePolicy(self, "Opened", queues=["any"], policy_document=document)


def project(folder: Path, settings: Mapping[str, Any]) -> Path:
    """The settings' file of a project that has these."""
    file = folder / deployer.CDK_JSON.name
    file.write_text(json.dumps({"context": {**settings, "@flag": True}}))
    return file


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project has the tests' settings, whatever a deployer has set."""
    with pytest.MonkeyPatch.context() as patch:
        file = project(tmp_path_factory.mktemp("shipped"), deployer.SETTINGS)
        patch.setattr(app, "both_settings", partial(app.both_settings, cdk_json=file))
        yield file


@pytest.fixture(scope="module")
def opened(synthesize: Synthesize, shipped: Path) -> Assembly:
    """What that stack makes under other settings, whatever its own gate says."""
    folder = shipped.with_name("opened")
    with pytest.MonkeyPatch.context() as patch, suppress(synthesis.PolicyError):
        patch.setattr("stages.pipeline_stage.TapStack", OpenedByMail)
        synthesize(outdir=folder, **app.both_settings()[1])
    return assembly.read(folder)


@pytest.fixture(scope="module")
def closed(synthesize: Synthesize, shipped: Path) -> Assembly:
    """What the app makes under other settings, one of which asks its deployer for rows."""
    folder = shipped.with_name("closed")
    with suppress(synthesis.PolicyError):
        synthesize(outdir=folder, **app.both_settings()[1])
    return assembly.read(folder)


def told(findings: tuple[Finding, ...]) -> set[tuple[str, str, bool]]:
    return {(each.kind, each.path, app.UNDER in str(each)) for each in findings}


def test_the_rules_find_what_is_open_only_under_another_setting(
    green: Path, opened: Assembly
) -> None:
    verdict = check_twice(assembly.read(green), opened, register.load(), TODAY, [])

    assert {(kind, path) for kind, path, there in told(verdict.findings) if there} >= {
        ("Project-not-public", OPENED.format("primary")),
        ("Project-not-public", OPENED.format("standby")),
    }
    assert all(there for *_, there in told(verdict.findings))


def test_the_app_as_it_is_has_nothing_unaccepted_under_other_settings(
    green: Path, closed: Assembly
) -> None:
    assert check_twice(assembly.read(green), closed, register.load(), TODAY, []).findings == ()


def test_the_comparison_tells_what_changes_only_under_another_setting(
    green: Path, closed: Assembly, opened: Assembly
) -> None:
    stacks = assembly.read(green).stacks
    base = Base(name="b", stacks=stacks, under_other_settings=(closed.stacks, opened.stacks))

    found = compare(base, stacks, [], Spec.load()).verdict.findings

    widened = {("access-widened", OPENED.format(stage), True) for stage in ("primary", "standby")}
    assert widened <= told(found)
    assert all(there for *_, there in told(found))


def test_what_changes_under_both_is_told_once(green: Path, closed: Assembly) -> None:
    before = assembly.read(green).stacks
    base = Base(
        name="b",
        stacks=before,
        under_other_settings=(closed.stacks, naming_themselves(closed.stacks)),
    )

    found = compare(base, naming_themselves(before), [], Spec.load()).verdict.findings

    assert found
    assert not any(app.UNDER in str(each) for each in found)


def naming_themselves(stacks: tuple[Any, ...]) -> tuple[Any, ...]:
    """The stacks with buckets that have their own names at another place as well."""
    made = []
    for stack in stacks:
        template = json.loads(json.dumps(stack.template))
        for body in template["Resources"].values():
            if body["Type"] == "AWS::S3::Bucket":
                body["Properties"]["WebsiteConfiguration"] = {
                    "IndexDocument": body["Properties"]["BucketName"]
                }
        made.append(replace(stack, template=template))
    return tuple(made)


@pytest.mark.usefixtures("shipped")
def test_every_setting_has_another_value_which_the_app_takes(tmp_path: Path) -> None:
    shipped, other = app.both_settings()

    assert shipped == deployer.SETTINGS
    # Packages for this machine are refused for accounts on AWS.
    assert {key for key in shipped if shipped[key] == other[key]} == {"bundlePlatform"}
    read = Settings.from_context(other.get)
    assert read.account != read.standby_account
    again = app.both_settings(cdk_json=project(tmp_path, other))[1]
    assert {key for key in again if again[key] == other[key]} == {"bundlePlatform"}


def test_a_setting_without_another_value_is_an_error(tmp_path: Path) -> None:
    more = project(tmp_path, {**deployer.SETTINGS, "color": "red"})

    with pytest.raises(Undetermined, match="no values of color: add two of each"):
        app.both_settings(cdk_json=more)


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize(
    ("here", "there", "is_told"),
    [
        ("x[arn:aws:s3:::files-prod/*]", "x[arn:aws:s3:::files-prod-acme/*]", False),
        ("x[arn:aws:iam::{account}:root]", "x[arn:aws:iam::444455556666:root]", False),
        ("x[rate 5 -> 6]", "x[rate 5 -> 60]", True),
        ("x[arn:aws:s3:::files-prod/*]", "x[arn:aws:s3:::other-prod-acme/*]", True),
    ],
)
def test_a_finding_is_the_same_if_only_names_of_the_deployer_differ(
    here: str, there: str, *, is_told: bool
) -> None:
    first, second = (Finding(gate="changes", rule=r, path=QUEUE, message="") for r in (here, there))

    assert bool(app.only_there([second], [first])) == is_told


def test_a_row_for_two_accounts_must_have_something_to_accept_where_there_are_two(
    green: Path, closed: Assembly
) -> None:
    [row, *_] = [each for each in register.load() if each.path.startswith("tap/")]
    spare = replace(row, kind="spare", accounts=2, stages=(), finding="AwsSolutions-S2")

    found = check_twice(assembly.read(green), closed, [*register.load(), spare], TODAY, []).findings

    assert {(each.kind, each.source.partition(",")[0]) for each in found} == {
        (UNUSED, "policies/accepted/spare.toml")
    }
