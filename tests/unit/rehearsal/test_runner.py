from local.rehearsal.runner import select


def test_every_scenario_comes_after_the_first_deployment() -> None:
    assert select("first-deployment") == ["first-deployment"]
    assert select("git-revert") == ["first-deployment", "git-revert"]
    assert select("all")[0] == "first-deployment"
    assert len(select("all")) == 8
