import pytest

from policies.rules.no_privileged_builds import check
from tests.policy.templates import Body, resource, stack


def project(**environment: object) -> dict[str, Body]:
    return {"Build": resource("AWS::CodeBuild::Project", Environment=environment)}


@pytest.mark.parametrize("on", [True, "true", {"Ref": "Privileged"}])
def test_a_build_that_may_be_root_of_its_host_is_found(on: object) -> None:
    [finding] = check([stack(project(PrivilegedMode=on))])

    assert finding.path == "pipeline/primary/tap/Build"
    assert finding.message == "the build runs in privileged mode"


@pytest.mark.parametrize("off", [{}, {"PrivilegedMode": False}, {"PrivilegedMode": "false"}])
def test_a_build_that_may_not_passes(off: dict[str, object]) -> None:
    assert not list(check([stack(project(**off))]))
