"""The times and shares that an alarm's text and page name are those that it fires at."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infra.stack import Resource, Stack
from tests.infra.watched import metrics_of

RUNBOOKS = Path(__file__).resolve().parents[2] / "docs" / "runbooks"
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NUMBERS = {**{word: at for at, word in enumerate(WORDS)}, "a": 1, "an": 1, "half a": 0.5}
NAMES = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 7 * 86400}
UNITS = {**NAMES, "ms": 0.001, "s": 1, "min": 60, "h": 3600}
QUANTITY = re.compile(
    rf"\b(?P<digits>\d[\d,.]*)[\s-]?(?:%|(?P<unit>{'|'.join(sorted(UNITS, reverse=True))})s?\b)"
    rf"|\b(?P<word>{'|'.join(sorted(NUMBERS, reverse=True))})[\s-](?P<name>{'|'.join(NAMES)})s?\b",
    re.IGNORECASE,
)
# Of the metrics that are times: how many seconds one of them is.
TIMES = {
    "ApproximateAgeOfOldestMessage": 1,
    "IteratorAge": 0.001,
    "ReplicationLatency": 0.001,
    "Duration": 0.001,
}
# DynamoDB Streams keeps a change that long, whatever anybody sets.
STREAM_S = 86400


@pytest.fixture
def alarms(stack: Stack) -> list[Resource]:
    return stack.all("AWS::CloudWatch::Alarm")


def said(text: str) -> set[tuple[float, str]]:
    """The times in seconds, and the shares in percent, that a text names."""
    return {
        (float(digits.replace(",", "")) * UNITS.get(unit.lower(), 1), "s" if unit else "%")
        if digits
        else (NUMBERS[word.lower()] * NAMES[name.lower()], "s")
        for digits, unit, word, name in QUANTITY.findall(text)
    }


def fires_at(alarm: Resource, stack: Stack) -> set[tuple[float, str]]:
    """The times and shares at which an alarm fires."""
    threshold, first = alarm.properties["Threshold"], metrics_of(alarm)[0]
    periods = alarm.properties["EvaluationPeriods"] * 300
    if first.name == "Duration":
        [function] = (value for name, value in first.dimensions if name == "FunctionName")
        timeout_s = stack.one("AWS::Lambda::Function", function).properties["Timeout"]
        return {(timeout_s, "s"), (round(threshold / timeout_s / 10), "%")}
    if first.name in TIMES:
        return {(threshold * TIMES[first.name], "s")}
    return {(periods, "s"), (threshold, "%")}


def firsts(alarm: Resource) -> Iterator[str]:
    """What the text of an alarm, its page, and the list of pages say that it means."""
    text = alarm.properties["AlarmDescription"]
    found = re.search(r"/docs/runbooks/(.+)\.md$", text, re.MULTILINE)
    assert found
    page = (RUNBOOKS / f"{found[1]}.md").read_text()
    listed = re.search(rf"\({found[1]}\.md\) \| (.+) \|", (RUNBOOKS / "README.md").read_text())
    means = re.search(r"\*\*Means:\*\* (.+?)\n\n", page, re.DOTALL)
    assert listed, f"{found[1]} is not in the list of runbooks"
    assert means, f"{found[1]}.md does not say what the alarm means"
    for each in (text.partition("\n")[0], means[1], listed[1]):
        yield re.split(r"[.;:](?:\s|$)", each)[0]


def test_an_alarm_and_its_page_say_what_it_fires_at(alarms: list[Resource], stack: Stack) -> None:
    for alarm in alarms:
        for text in firsts(alarm):
            assert said(text) <= fires_at(alarm, stack), (
                f"{alarm} fires at {fires_at(alarm, stack)}, and {text!r} is said of it"
            )


def test_what_comes_later_in_the_text_of_an_alarm_is_so(
    alarms: list[Resource], stack: Stack
) -> None:
    kept = {each.properties["MessageRetentionPeriod"] for each in stack.all("AWS::SQS::Queue")}
    mappings = stack.all("AWS::Lambda::EventSourceMapping")
    tried = {each.properties["MaximumRecordAgeInSeconds"] for each in mappings}
    for alarm in alarms:
        text = alarm.properties["AlarmDescription"].partition("\n")[0]
        later = said(text) - fires_at(alarm, stack)

        assert later <= {(each, "s") for each in (*kept, *tried, STREAM_S)}, alarm


def test_times_and_shares_are_found_however_they_are_written() -> None:
    text = "It fails as a share of 10 %; 90% in half a day, an hour, ten minutes, 1,000 ms."
    text += " A 5-minute period of two weeks."

    assert said(text) == {
        *{(10, "%"), (90, "%"), (43200, "s"), (3600, "s"), (600, "s"), (1, "s"), (300, "s")},
        (1209600, "s"),
    }


def test_some_alarms_name_a_time_or_a_share(alarms: list[Resource]) -> None:
    named = {alarm.name for alarm in alarms if any(map(said, firsts(alarm)))}

    assert len(named) > 8, "the test above looks at nothing any more"
