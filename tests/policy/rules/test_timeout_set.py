import pytest

from policies.rules.timeout_set import check
from tests.policy.templates import resource, stack


@pytest.mark.parametrize("timeout", [{}, {"Timeout": 0}, {"Timeout": 901}, {"Timeout": "300"}])
def test_a_function_without_a_possible_timeout_is_found(timeout: dict[str, object]) -> None:
    [finding] = check([stack({"F": resource("AWS::Lambda::Function", **timeout)})])

    assert finding.message == f"the timeout is {timeout.get('Timeout')}"


@pytest.mark.parametrize("timeout_s", [1, 900])
def test_a_timeout_that_lambda_allows_passes(timeout_s: int) -> None:
    assert not list(check([stack({"F": resource("AWS::Lambda::Function", Timeout=timeout_s)})]))
