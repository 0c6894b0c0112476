from local.rehearsal.play import wanted


def test_every_scenario_comes_after_the_first_deployment() -> None:
    assert wanted("first-deployment") == ["first-deployment"]
    assert wanted("git-revert") == ["first-deployment", "git-revert"]
    assert wanted("all")[0] == "first-deployment"
    assert len(wanted("all")) == 8
