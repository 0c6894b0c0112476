from policies.rules.termination_protected import check
from tests.policy.templates import stack


def test_a_stack_that_can_be_deleted_at_once_is_found_whatever_is_in_it() -> None:
    [finding] = check([stack(), stack(stage="standby", termination_protected=False)])

    assert finding.path == "pipeline/standby/tap"
    assert "serverless-data-ingestion-prod can be deleted in one call" in finding.message


def test_a_protected_stack_passes() -> None:
    assert not list(check([stack()]))
