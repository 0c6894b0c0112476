"""The register of accepted findings, row by row."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from policies import choices, register
from policies.choices import BUCKETS, EMAIL, FOLDER, PRODUCER
from policies.register import Waiver, grants
from policies.register_checks import unsound
from policies.templates.template import Place
from tests.policy.conftest import TODAY
from tests.policy.templates import resource, stack

SOUND = Waiver(
    kind="dead_letters",
    finding="AwsSolutions-SQS3",
    path="tap/Failures/Queue/Resource",
    stages=(),
    accounts=0,
    reason="This queue is where failed events end: nothing consumes it.",
    owner="data team",
    review_by=date(2027, 6, 1),
)
PRIMARY = Place(
    path="pipeline/primary/tap",
    stage_path="pipeline/primary",
    region="us-east-1",
    account="111111111111",
)
STANDBY = Place(
    path="pipeline/standby/tap",
    stage_path="pipeline/standby",
    region="us-west-2",
    account="222222222222",
)
ARTIFACTS = Place(path="artifacts", stage_path="", region="us-west-2", account="111111111111")
PLACES = (PRIMARY, STANDBY, ARTIFACTS)


def verdicts(waiver: Waiver) -> list[str]:
    return [found.kind for found in unsound([waiver], TODAY)]


def test_a_sound_row_has_no_flaw() -> None:
    assert verdicts(SOUND) == []


def test_a_row_holds_on_its_last_day_and_not_on_the_next() -> None:
    assert verdicts(replace(SOUND, review_by=TODAY)) == []
    assert verdicts(replace(SOUND, review_by=date(2026, 11, 30))) == ["expired-waiver"]


def test_a_row_that_nobody_reviews_for_years_is_flawed() -> None:
    assert verdicts(replace(SOUND, review_by=TODAY + timedelta(days=400))) == []
    assert verdicts(replace(SOUND, review_by=date(2099, 1, 1))) == ["too-long-waiver"]


@pytest.mark.parametrize("change", [{"reason": "false positive"}, {"owner": ""}])
def test_a_row_without_a_reason_or_an_owner_is_flawed(change: dict[str, str]) -> None:
    assert verdicts(replace(SOUND, **change)) == ["unexplained-waiver"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "finding", ["SQS3", "AwsSolution-SQS3", "AwsSolutions-IAM5[Resource::arn:aws:s3:::{bucket}/*]"]
)
def test_an_id_that_no_pack_reports_is_flawed(finding: str) -> None:
    assert verdicts(replace(SOUND, finding=finding)) == ["misspelt-waiver"]


@pytest.mark.parametrize(
    "change", [{"accounts": 2}, {"stages": ("primary",)}, {"path": "{region}"}, {"path": "{email}"}]
)
def test_a_row_about_a_scan_has_no_more_than_the_beginning_of_a_path(
    change: dict[str, object],
) -> None:
    scanned = replace(SOUND, finding="cfn-lint-W3005", path="cdk.out/")

    assert verdicts(scanned) == []
    assert verdicts(replace(scanned, **change)) == ["misspelt-waiver"]  # type: ignore[arg-type]


@pytest.mark.parametrize("finding", ["AwsSolutions-SQS3", "cfn-lint-W3005", "Project-retained"])
def test_only_a_change_is_accepted_until_it_is_deployed(finding: str) -> None:
    assert verdicts(replace(SOUND, finding=finding, review_by=None)) == ["misspelt-waiver"]


@pytest.mark.parametrize("change", [{"path": "tap/*"}, {"path": ""}, {"finding": "AwsSolutions-*"}])
def test_a_wildcard_in_a_row_is_too_broad(change: dict[str, str]) -> None:
    assert verdicts(replace(SOUND, **change)) == ["too-broad-waiver"]  # type: ignore[arg-type]


def test_a_row_counts_for_every_regions_copy() -> None:
    paths = [grant.path for grant in grants([SOUND], PLACES)]

    assert paths == [
        "pipeline/primary/tap/Failures/Queue/Resource",
        "pipeline/standby/tap/Failures/Queue/Resource",
    ]


def test_a_row_counts_for_the_stages_that_it_names_only() -> None:
    [grant] = grants([replace(SOUND, stages=("standby",))], PLACES)

    assert grant.place is STANDBY


def test_a_row_about_a_number_of_accounts_counts_only_where_there_are_that_many() -> None:
    together = (PRIMARY, replace(STANDBY, account=PRIMARY.account))

    for number, places in ((1, together), (2, PLACES)):
        row, other = replace(SOUND, accounts=number), replace(SOUND, accounts=3 - number)
        assert len(grants([row], places)) == 2
        assert grants([other], places) == []


def test_a_row_outside_the_stages_names_the_whole_path() -> None:
    [grant] = grants([replace(SOUND, path="artifacts/Bucket/Resource")], PLACES)

    assert grant.path == "artifacts/Bucket/Resource"


def test_what_a_deployer_chooses_is_filled_in() -> None:
    finding = "AwsSolutions-IAM5[Resource::{region}:{account}:b{suffix}/*]"
    row = replace(SOUND, finding=finding, stages=("standby",))

    [grant] = grants([row], PLACES, [{BUCKETS: "-acme"}])

    assert grant.finding == "AwsSolutions-IAM5[Resource::us-west-2:222222222222:b-acme/*]"


def test_what_a_deployer_has_chosen_is_read_back_from_names() -> None:
    def seen(buckets: list[str], *endpoints: str) -> list[choices.Values]:
        named = {f"B{n}": resource("AWS::S3::Bucket", BucketName=n) for n in buckets}
        mails = {f"M{to}": resource("AWS::SNS::Subscription", Endpoint=to) for to in endpoints}
        return choices.seen_in([stack({**named, **mails})])

    names = ["serverless-data-ingestion-prod-acme-eu", "serverless-access-logs-prod-acme-eu"]

    assert seen(names, "arn:aws:sqs:queue", "a@example.com") == [
        {BUCKETS: "-acme-eu"},
        {BUCKETS: "-acme-eu", EMAIL: "a@example.com"},
    ]
    assert seen(["serverless-data-ingestion-dr-prod"]) == [{BUCKETS: ""}]


def test_a_row_about_alarm_mails_counts_only_where_there_are_some() -> None:
    row = replace(SOUND, path="tap/Topic/{email}/Resource", stages=("primary",))

    [grant] = grants([row], PLACES, [{}, {EMAIL: "a@example.com"}])

    assert grant.path == "pipeline/primary/tap/Topic/a@example.com/Resource"
    assert grants([row], PLACES) == []


def test_a_row_about_producers_counts_once_for_each_with_its_folder() -> None:
    finding = "AwsSolutions-IAM5[Resource::arn:aws:s3::{standby}:accesspoint/*/{folder}*]"
    row = replace(SOUND, finding=finding, path="tap/{producer}/Resource", stages=("primary",))
    shop, plant = {PRODUCER: "shop", FOLDER: "orders/"}, {PRODUCER: "plant", FOLDER: "sensors/"}

    granted = grants([row], PLACES, [{}, shop, plant])

    point = "AwsSolutions-IAM5[Resource::arn:aws:s3::222222222222:accesspoint/*/"
    assert [(grant.path, grant.finding) for grant in granted] == [
        ("pipeline/primary/tap/shop/Resource", f"{point}orders/*]"),
        ("pipeline/primary/tap/plant/Resource", f"{point}sensors/*]"),
    ]
    assert grants([row], PLACES) == []


def test_producers_are_read_back_from_their_policies() -> None:
    resources = ["arn:aws:s3:::serverless-data-ingestion-prod/orders/*", "arn:aws:s3::1:b/*"]
    document = {"Statement": [{"Action": "s3:PutObject", "Resource": resources}]}
    descriptions = ["None", "Lets shop put files below its folder", "Lets nobody do anything"]
    policies = {
        f"P{n}": resource("AWS::IAM::ManagedPolicy", Description=each, PolicyDocument=document)
        for n, each in enumerate(descriptions)
    }

    found = choices.seen_in([stack(policies)])

    assert found == [{BUCKETS: ""}, {BUCKETS: "", PRODUCER: "shop", FOLDER: "orders/"}]


def test_a_file_is_one_reason_for_each_of_its_findings_on_each_of_its_paths(tmp_path: Path) -> None:
    (tmp_path / "no_vpc.toml").write_text(
        """
        reason = "No VPC."
        owner = "platform team"
        review_by = 2027-06-01
        [[accepted]]
        findings = ["HIPAA.Security-LambdaInsideVPC", "PCI.DSS.321-LambdaInsideVPC"]
        paths = ["tap/One", "tap/Two"]
        """
    )

    rows = register.load(tmp_path)

    assert [(row.kind, row.finding.partition(".")[0], row.path) for row in rows] == [
        ("no_vpc", "HIPAA", "tap/One"),
        ("no_vpc", "HIPAA", "tap/Two"),
        ("no_vpc", "PCI", "tap/One"),
        ("no_vpc", "PCI", "tap/Two"),
    ]


def test_every_row_of_the_real_register_is_sound_today() -> None:
    assert list(unsound(register.load(), TODAY)) == []
