from dataclasses import replace

import click

import naming
from ops.status.lines import Line, State
from ops.status.screen import screen, sentence
from ops.status.status import Status
from ops.status.survey import Survey
from tests.unit.ops.status.aws import Aws

EAST, WEST = naming.REGIONS


def with_lines(*lines: Line) -> Status:
    return replace(Survey(Aws()).look(), lines=lines)


def line(about: str, state: State, says: str = "", command: str = "", region: str = EAST) -> Line:
    return Line(about=about, region=region, state=state, says=says, next=command)


def test_every_line_is_shown_with_its_state_as_a_word_and_the_command_below() -> None:
    found = with_lines(
        line("dead letters", State.ATTENTION, "3 waiting", "ops redrive --region us-east-1"),
        line("table", State.OK, "active", region=WEST),
    )

    shown = [each.rstrip() for each in click.unstyle(screen(found)).splitlines()]

    assert shown == [
        "both regions",
        "us-east-1",
        "  ATTENTION  dead letters     3 waiting",
        "                              -> ops redrive --region us-east-1",
        "us-west-2",
        "  ok         table            active",
        "",
        "ATTENTION: 1 needs attention; 1 of 2 ok",
    ]


def test_a_healthy_product_fits_one_screen() -> None:
    assert len(screen(Survey(Aws()).look()).splitlines()) <= 45


def test_the_verdict_counts_what_needs_somebody_and_what_is_unknown() -> None:
    ok, attention, unknown = State.OK, State.ATTENTION, State.UNKNOWN

    assert sentence(with_lines(line("a", ok)).lines) == "all 1 are ok"
    assert (
        sentence(with_lines(line("a", unknown), line("b", ok)).lines) == "1 is unknown; 1 of 2 ok"
    )
    assert (
        sentence(with_lines(line("a", attention), line("b", attention), line("c", unknown)).lines)
        == "2 need attention and 1 is unknown; 0 of 3 ok"
    )


def test_a_files_name_cannot_command_the_terminal() -> None:
    found = with_lines(line("last file", State.OK, "x\x1b[2J\x07\ny.csv, 2 s ago"))

    assert "x\ufffd[2J\ufffd\ufffdy.csv, 2 s ago" in click.unstyle(screen(found))
