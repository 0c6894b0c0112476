"""An assembly is judged by its report, its templates and the register together."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from policies import register
from policies.check import REPORT, check
from policies.finding import Finding
from policies.register import Waiver
from policies.templates import assembly
from tests.policy.conftest import TODAY

Document: TypeAlias = dict[str, Any]

STANDBY = "assembly-serverless-pipeline-prod-standby"


@pytest.fixture
def copy(green: Path, tmp_path: Path) -> Path:
    """A green assembly to be spoilt."""
    return shutil.copytree(green, tmp_path / "copy", ignore=shutil.ignore_patterns("asset.*"))


def edit(file: Path, change: Callable[[Document], None]) -> None:
    document = json.loads(file.read_text())
    change(document)
    file.write_text(json.dumps(document))


def verdicts(folder: Path, waivers: list[Waiver] | None = None) -> list[tuple[str, str]]:
    rows = register.load() if waivers is None else waivers
    verdict = check(assembly.read(folder), rows, TODAY)
    return [(_kind(found), found.message) for found in verdict.findings]


def _kind(found: Finding) -> str:
    """What is wrong with report or register, or that a pack or a rule has found something."""
    return found.kind if found.gate in ("report", "register") else "finding"


def kinds(folder: Path, waivers: list[Waiver] | None = None) -> set[str]:
    return {verdict for verdict, _ in verdicts(folder, waivers)}


def test_the_app_as_it_is_has_nothing_unaccepted(green: Path) -> None:
    assert verdicts(green) == []


def test_a_missing_report_is_red(copy: Path) -> None:
    (copy / REPORT).unlink()

    assert kinds(copy) == {"missing-report"}


def test_a_report_without_one_pack_is_red(copy: Path) -> None:
    edit(copy / REPORT, lambda document: document["packs"].pop("PCI.DSS.321"))

    assert ("incomplete-report", "PCI.DSS.321 did not run") in verdicts(copy)


def test_what_cdk_itself_finds_is_red_although_code_acknowledges_it(copy: Path) -> None:
    place = {"constructPath": "serverless-pipeline-prod/standby/tap"}
    found = {"ruleName": "Old", "description": "deprecated", "violatingConstructs": [place]}

    for key in ("violations", "suppressedViolations"):
        report = json.loads((copy / REPORT).read_text())
        report["cdk"] = [{"pluginName": "CDK", key: [found]}]
        (copy / REPORT).write_text(json.dumps(report))

        [told] = check(assembly.read(copy), register.load(), TODAY).findings
        assert told.message == "deprecated"
        assert told.remedy.startswith("AWS refuses it or advises against it: fix the line above")


def test_a_template_that_was_changed_after_the_report_is_red(copy: Path) -> None:
    [template] = (copy / STANDBY).glob("*.template.json")

    def weaken(document: Document) -> None:
        del document["Resources"]["ProcessorDeadLettersQueue374B6094"]["Properties"][
            "SqsManagedSseEnabled"
        ]

    edit(template, weaken)

    assert kinds(copy) == {"stale-report", "finding"}


def test_a_row_about_another_pack_accepts_nothing(copy: Path) -> None:
    def report_elsewhere(document: Document) -> None:
        document["packs"]["Serverless"].append(document["packs"]["AwsSolutions"][0])

    edit(copy / REPORT, report_elsewhere)

    assert kinds(copy) == {"finding"}


def test_an_acknowledgement_in_code_is_red(copy: Path) -> None:
    [metadata] = (copy / STANDBY).glob("*.metadata.json")

    def acknowledge(document: Document) -> None:
        entry = {"type": assembly.ACKNOWLEDGED, "data": {"Annotation::AwsSolutions-S1": "trust me"}}
        document["/serverless-pipeline-prod/standby/tap"].append(entry)

    edit(metadata, acknowledge)

    assert kinds(copy) == {"unregistered-waiver"}


def test_a_finding_that_no_row_accepts_is_red_in_its_region(green: Path) -> None:
    rows = [row for row in register.load() if row.kind != "no_tracing"]

    findings = check(assembly.read(green), rows, TODAY).findings

    assert {_kind(found) for found in findings} == {"finding"}
    assert {found.region for found in findings} == {"us-east-1", "us-west-2"}


def test_an_expired_row_is_red(green: Path) -> None:
    rows = register.load()
    kind = rows[0].kind  # a file has one date, for all of its rows
    dates = {True: date(2026, 1, 1)}
    late = [replace(row, review_by=dates.get(row.kind == kind, row.review_by)) for row in rows]

    assert kinds(green, late) == {"expired-waiver"}


def test_a_row_that_accepts_nothing_is_red(green: Path) -> None:
    rows = register.load()
    extra = replace(rows[0], finding="AwsSolutions-S1")

    assert verdicts(green, [*rows, extra]) == [
        ("unused-waiver", "nothing to accept in serverless-pipeline-prod/primary/tap"),
        ("unused-waiver", "nothing to accept in serverless-pipeline-prod/standby/tap"),
    ]


def test_a_row_whose_right_became_a_wider_one_that_is_accepted_names_what_covers_it(
    green: Path,
) -> None:
    rows = register.load()
    wider = next(row for row in rows if row.finding.endswith("ingestion-prod{suffix}/*]"))
    before = replace(wider, finding=wider.finding.replace("/*]", "/old/*]"))

    [(kind, message)] = verdicts(green, [*rows, before])

    assert kind == "unused-waiver"
    assert message.startswith("nothing to accept in serverless-pipeline-prod/primary/tap; has one")
    assert "s3:GetObject,s3:GetObjectVersion@arn:aws:s3:::" in message
    assert "@*" not in message


def test_a_row_for_both_regions_that_only_one_of_them_needs_is_red(green: Path) -> None:
    rows = [
        replace(row, stages=()) if row.kind == "stream_lookup" else row for row in register.load()
    ]

    assert {("unused-waiver", "nothing to accept in serverless-pipeline-prod/primary/tap")} == set(
        verdicts(green, rows)
    )


def test_rows_about_alarm_mails_are_asked_what_they_accept_once_there_is_an_address(
    copy: Path,
) -> None:
    [template] = (copy / STANDBY).glob("*.template.json")

    def subscribe(document: Document) -> None:
        document["Resources"]["Mail"] = {
            "Type": "AWS::SNS::Subscription",
            "Properties": {"Endpoint": "on-call@example.com", "Protocol": "email"},
        }

    edit(template, subscribe)

    # The packs' report has nothing on that subscription, so the rows have nothing to accept.
    assert {("unused-waiver", "nothing to accept in serverless-pipeline-prod/standby/tap")} <= set(
        verdicts(copy)
    )


def test_a_row_on_a_construct_that_is_gone_is_red(green: Path) -> None:
    rows = register.load()
    extra = replace(rows[0], path="cellar/Bucket/Resource")

    assert verdicts(green, [*rows, extra]) == [
        ("unused-waiver", "no stack has such a construct"),
    ]


def test_a_row_on_a_construct_that_has_moved_asks_first_what_becomes_of_what_it_holds(
    green: Path,
) -> None:
    rows = register.load()
    extra = replace(rows[0], path="serverless-pipeline-prod/Artifacts/Cellar/Resource")

    (found,) = check(assembly.read(green), [*rows, extra], TODAY).findings

    assert found.remedy.startswith("if the construct has another id or place now, run `make cha")


@pytest.mark.parametrize("path", ["tap", "tap/Processor", "serverless-pipeline-prod/Pipeline"])
def test_a_row_on_more_than_one_resource_is_red(green: Path, path: str) -> None:
    rows = register.load()

    assert kinds(green, [*rows, replace(rows[0], path=path)]) == {"too-broad-waiver"}


@pytest.mark.parametrize("stages", [(), ("standby",)])
def test_a_row_that_another_one_covers_already_is_red(green: Path, stages: tuple[str, ...]) -> None:
    rows = register.load()
    [tracing, *_] = [row for row in rows if row.kind == "no_tracing"]

    assert kinds(green, [*rows, replace(tracing, stages=stages)]) == {"duplicated-waiver"}
