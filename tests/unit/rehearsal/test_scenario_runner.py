import pytest

from local.rehearsal.__main__ import main
from local.rehearsal.scenario_runner import select


def test_every_scenario_comes_after_the_first_deployment() -> None:
    assert select("first-deployment") == ["first-deployment"]
    assert select("git-revert") == ["first-deployment", "git-revert"]
    assert select("all")[0] == "first-deployment"
    assert len(select("all")) == 9


@pytest.mark.parametrize("arguments", [["--scenario", "holiday"], ["--approve", "--reject"]])
def test_arguments_that_make_no_sense_are_refused_before_anything_starts(
    arguments: list[str],
) -> None:
    assert main(arguments) == 2
