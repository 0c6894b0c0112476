"""The commands around a failover: exit codes, what they print, what they refuse."""

import json
from collections.abc import Sequence

import pytest

from naming import PRIMARY, STANDBY
from ops import cli
from tests.unit.ops.moves import TO_PRIMARY, TO_STANDBY, minutes_ago
from tests.unit.ops.two_regions import TwoRegions

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture(autouse=True)
def connected(world: TwoRegions, monkeypatch: pytest.MonkeyPatch) -> None:
    for command in ("moving", "routes", "takeover", "audit"):
        monkeypatch.setattr(f"ops.commands.{command}.connect", lambda *_: world)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(arguments)
    return code, *capsys.readouterr()


def test_a_failover_prints_a_line_for_each_step(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = printed(capsys, "failover", "--yes")

    assert code == 0
    assert [line.split()[:2] for line in out.splitlines()] == [
        ["check", "ok"],
        ["canary-before", "done"],
        ["dials", "done"],
        ["upload", "done"],
        ["drain", "ok"],
        ["marker", "done"],
        ["reconcile", "done"],
        ["canary", "done"],
        ["takeover-off", "ok"],
    ]


def test_a_failover_as_json_is_one_object_on_standard_output(
    capsys: pytest.CaptureFixture[str], world: TwoRegions
) -> None:
    world.lose(PRIMARY)

    code, out, err = printed(capsys, "failover", "--lost-region", PRIMARY, "--yes", "--json")

    report = json.loads(out)
    assert code == 0
    assert (report["action"], report["from"], report["to"]) == ("FAILOVER", PRIMARY, STANDBY)
    assert (report["lost"], report["error"]) == (PRIMARY, "")
    assert [step["outcome"] for step in report["steps"]] == ["ok", *["done"] * 4]
    assert "dials" in err  # what a person follows meanwhile


def test_a_failback_moves_the_uploads_to_the_primary(world: TwoRegions) -> None:
    world.dials = dict(TO_STANDBY)

    assert cli.main(["failback", "--yes"]) == 0

    assert world.dials == TO_PRIMARY


def test_a_dry_run_says_what_is_to_do_and_does_nothing(
    capsys: pytest.CaptureFixture[str], world: TwoRegions
) -> None:
    code, out, err = printed(capsys, "failover", "--dry-run")

    assert code == 0
    dials = next(line for line in out.splitlines() if line.startswith("dials"))
    assert dials.split(maxsplit=1)[1] == (
        "to do  us-east-1 0, us-west-2 100; now: us-east-1 100, us-west-2 0"
    )
    assert "nothing was changed" in err
    assert world.dials == TO_PRIMARY
    assert world.acts(STANDBY) == []


def test_without_a_terminal_and_without_yes_nothing_is_moved(world: TwoRegions) -> None:
    assert cli.main(["failover"]) == 3

    assert world.dials == TO_PRIMARY


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["failover", "--force"], "--force needs a --reason"),
        (["failover", "--force", "--reason", " "], "--force needs a --reason"),
        (["failover", "--lost-region", STANDBY], "name the other one as lost"),
        (["failback", "--lost-region", PRIMARY], "name the other one as lost"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_before_any_call(
    capsys: pytest.CaptureFixture[str], world: TwoRegions, options: Sequence[str], words: str
) -> None:
    code, _, err = printed(capsys, *options, "--yes")

    assert code == 3
    assert words in err
    assert world.calls == []


def test_a_target_that_is_not_fit_exits_with_3_and_a_later_failure_with_1(
    capsys: pytest.CaptureFixture[str], world: TwoRegions
) -> None:
    world.firing[STANDBY] = ["serverless-processor-errors-prod"]
    refused, out, err = printed(capsys, "failover", "--yes", "--json")
    world.firing[STANDBY] = []
    world.in_work[PRIMARY] = ["orders/a.csv"]
    failed, late, _ = printed(capsys, "failover", "--yes", "--json")

    assert (refused, failed) == (3, 1)
    assert "nothing was changed" in json.loads(out)["error"]
    assert "serverless-processor-errors-prod is in ALARM" in err
    assert json.loads(late)["steps"][-1]["outcome"] == "failed"
    assert "orders/a.csv" in json.loads(late)["error"]


def test_an_error_in_the_middle_leaves_the_steps_so_far_as_json(
    capsys: pytest.CaptureFixture[str], world: TwoRegions
) -> None:
    world.gone = {PRIMARY}

    code, out, err = printed(capsys, "failover", "--yes", "--json")

    assert code == 2
    assert "Could not connect" in json.loads(out)["error"]
    assert "AWS_ENDPOINT_URL" in err


def test_what_a_step_waits_for_is_told_as_it_changes(
    capsys: pytest.CaptureFixture[str], world: TwoRegions, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.in_work[PRIMARY] = ["orders/a.csv", "orders/b.csv"]
    monkeypatch.setattr("time.sleep", lambda _: world.in_work[PRIMARY].pop())

    _, _, err = printed(capsys, "failover", "--yes")

    told = [line.rpartition("now: ")[2] for line in err.splitlines() if line.startswith("drain")]
    assert told == [
        "2 files PROCESSING with 0 rows read, such as orders/a.csv, orders/b.csv",
        "1 file PROCESSING with 0 rows read, such as orders/a.csv",
    ]


def test_routes_shows_the_dials_and_finds_fault_when_both_regions_get_uploads(
    capsys: pytest.CaptureFixture[str], world: TwoRegions
) -> None:
    chosen, out, _ = printed(capsys, "routes", "--json")
    world.dials[STANDBY] = 100
    both, _, _ = printed(capsys, "routes")

    assert (chosen, both) == (0, 1)
    assert json.loads(out)["dials"] == TO_PRIMARY


def test_routes_sets_the_dials_and_notes_it(world: TwoRegions) -> None:
    assert cli.main(["routes", "--set", STANDBY, "--yes", "--reason", "drill"]) == 0

    assert world.dials == TO_STANDBY
    [act] = world.acts(STANDBY)
    assert (act["action"], act["outcome"], act["reason"]) == ("ROUTES", "DONE", "drill")
    assert act["before"] == "us-east-1 100, us-west-2 0"


def test_routes_that_somebody_has_chosen_are_left_alone_on_request(world: TwoRegions) -> None:
    world.dials = dict(TO_STANDBY)

    assert cli.main(["routes", "--set", PRIMARY, "--unless-chosen", "--yes"]) == 0
    assert world.dials == TO_STANDBY

    world.dials = {PRIMARY: 100, STANDBY: 100}
    assert cli.main(["routes", "--set", PRIMARY, "--unless-chosen", "--yes"]) == 0
    assert world.dials == TO_PRIMARY


def test_routes_of_a_deployment_whose_standby_is_lost_are_read_without_it(
    capsys: pytest.CaptureFixture[str], world: TwoRegions
) -> None:
    assert cli.main(["failover", "--yes"]) == 0
    capsys.readouterr()
    world.lose(STANDBY)

    code, out, _ = printed(capsys, "routes", "--lost-region", STANDBY, "--json")

    assert code == 0
    assert json.loads(out)["dials"] == TO_STANDBY


def test_takeover_is_switched_on_and_off_and_both_are_noted(world: TwoRegions) -> None:
    world.lose(PRIMARY)
    since = minutes_ago(5)

    assert cli.main(["takeover", "on", "--region", STANDBY, "--since", since, "--yes"]) == 0
    assert world.mappings[STANDBY]["State"] == "Enabled"
    assert cli.main(["takeover", "off", "--region", STANDBY, "--yes"]) == 0
    assert cli.main(["takeover", "off", "--region", STANDBY, "--yes"]) == 0

    assert world.mappings[STANDBY]["State"] == "Disabled"
    assert [(act["action"], act["to"]) for act in world.acts(STANDBY)] == [
        ("TAKEOVER", "on"),
        ("TAKEOVER", "off"),
    ]


def test_the_region_that_takes_over_is_named_by_the_operator(world: TwoRegions) -> None:
    assert cli.main(["takeover", "on", "--yes"]) == 3

    assert world.calls == []


def test_audit_lists_what_was_done_the_oldest_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for command in ("failover", "failback"):
        assert cli.main([command, "--yes", "--reason", "a drill"]) == 0
    capsys.readouterr()

    code, out, _ = printed(capsys, "audit", "--region", STANDBY)
    later, none, _ = printed(capsys, "audit", "--since", "2999-01-01")

    assert (code, later) == (0, 0)
    assert [line.split()[1:3] for line in out.splitlines()] == [
        ["FAILOVER", "DONE"],
        ["FAILBACK", "DONE"],
    ]
    assert "reason a drill" in out
    assert not none
