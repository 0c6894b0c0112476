"""A number that a deployer sets is the same number wherever the templates compute with it."""

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path

import aws_cdk as cdk
import pytest

import naming
from stages import targets
from stages.settings import Settings
from stages.tap_stack import TapStack
from tests import deployer
from tests.infra.stack import Resource, Stack

# From the least to the most of each, with those at which people would write another unit.
VARIANTS = {
    "canaryEveryMinutes": ("1", "59", "60", "120", "360"),
    "rawFilesKeptDays": ("1", "0", "30", "365", "36500"),
    "rejectedRowsKeptDays": ("0", "1", "36500", "7", "365"),
    "rangesAtOnce": ("1", "2", "40", "100", "999"),
    "rejectedShareAnnounced": ("0", "1", "0.5", "0.000001", "0.999999"),
}
MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}

Variant = tuple[Mapping[str, str], Stack]


@pytest.fixture(scope="module")
def variants(tmp_path_factory: pytest.TempPathFactory) -> list[Variant]:
    """Each column of ``VARIANTS`` with the primary's stack, alone: a pipeline takes seconds."""
    given = [
        dict(zip(VARIANTS, each, strict=True)) for each in zip(*VARIANTS.values(), strict=True)
    ]
    app = cdk.App(
        outdir=str(tmp_path_factory.mktemp("numbers")),
        context=deployer.context(),
        analytics_reporting=False,
        builtin_cloud_formation_validation=False,
    )
    for number, each in enumerate(given):
        settings = Settings.from_context(deployer.context(**each).get)
        target = targets.primary(settings)
        TapStack(cdk.Stage(app, f"n{number}"), "tap", target=target, settings=settings)
    assembly = app.synth()
    found = [assembly.get_nested_assembly(f"assembly-n{n}").stacks[0] for n in range(len(given))]
    return [
        (each, _read(Path(at.template_full_path))) for each, at in zip(given, found, strict=True)
    ]


def _read(file: Path) -> Stack:
    region, peer = naming.PRIMARY, naming.STANDBY
    return Stack.read(json.loads(file.read_text()), region=region, peer=peer, account="")


def _variable(stack: Stack, function: str, name: str) -> str:
    of = stack.one("AWS::Lambda::Function", function).properties["Environment"]["Variables"]
    return str(of[name])


def _periods(alarm: Resource, minutes: int) -> int:
    """Return how many of the alarm's periods lie between two calls."""
    period_s: int = alarm.properties["Period"]
    return math.ceil(minutes * 60 / period_s)


def test_every_number_in_the_settings_is_tried_with_others() -> None:
    shipped = json.loads(deployer.CDK_JSON.read_text())["context"]

    numbers = {
        name
        for name, value in shipped.items()
        if isinstance(value, str) and re.fullmatch(r"\d{1,6}(\.\d+)?", value)
    }

    # A deployer's own has at least the values under which all tests and gates see the app.
    tried = {name for name, values in deployer.LISTED.items() if len({*map(str, values)}) > 1}
    assert set(VARIANTS) <= numbers <= {*VARIANTS, *tried}


def test_the_canary_s_schedule_freshness_and_alarms_are_of_the_same_minutes(
    variants: list[Variant],
) -> None:
    for given, stack in variants:
        minutes = int(given["canaryEveryMinutes"])
        schedule = stack.one("AWS::Scheduler::Schedule").properties["ScheduleExpression"]
        rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)(s?)\)", schedule)

        assert rate, f"{schedule} is no rate, which begins when it is made and needs no clock"
        assert int(rate[1]) * MINUTES[rate[2]] == minutes, schedule
        assert (rate[3] == "") == (rate[1] == "1"), f"Scheduler refuses {schedule}"
        assert _variable(stack, naming.CANARY, "FRESH_FOR_S") == str(2 * 60 * minutes + 60)
        failing, silent = (
            stack.one("AWS::CloudWatch::Alarm", f"serverless-{name}-prod")
            for name in ("canary-failing", "peer-silent")
        )
        assert failing.properties["EvaluationPeriods"] == 2 * _periods(failing, minutes) + 1
        assert silent.properties["EvaluationPeriods"] == _periods(silent, minutes) + 1


def test_files_and_rejected_rows_are_kept_for_the_days_that_are_set(
    variants: list[Variant],
) -> None:
    for given, stack in variants:
        bucket = stack.one("AWS::S3::Bucket", naming.ingestion_bucket(stack.region, ""))
        rule, _of_canary_files = bucket.properties["LifecycleConfiguration"]["Rules"]
        files, rows = int(given["rawFilesKeptDays"]), given["rejectedRowsKeptDays"]
        table = stack.one("AWS::DynamoDB::GlobalTable").properties

        assert rule.get("ExpirationInDays", 0) == files
        assert rule.get("NoncurrentVersionExpiration", {"NoncurrentDays": 0}) == {
            "NoncurrentDays": files
        }
        assert _variable(stack, naming.PROCESSOR, "REJECTED_ROWS_KEPT_DAYS") == rows
        assert ("TimeToLiveSpecification" in table) == (rows != "0")


def test_ranges_and_shares_are_those_that_are_set(variants: list[Variant]) -> None:
    for given, stack in variants:
        machine = stack.one("AWS::StepFunctions::StateMachine").properties
        states = json.loads(machine["DefinitionString"])["States"]
        share = _variable(stack, naming.STREAM_CONSUMER, "REJECTED_SHARE_ANNOUNCED")

        assert states["StoreParts"]["MaxConcurrency"] == int(given["rangesAtOnce"])
        assert share == given["rejectedShareAnnounced"]
