from policies.rules.logs_kept import check
from tests.policy.templates import resource, stack

FUNCTION = resource("AWS::Lambda::Function", LoggingConfig={"LogGroup": {"Ref": "Logs"}})


def test_logs_that_go_before_a_failure_is_understood_are_found() -> None:
    logs = resource("AWS::Logs::LogGroup", RetentionInDays=7)

    [finding] = check([stack({"Function": FUNCTION, "Logs": logs})])

    assert finding.message == "what explains a failure is deleted after 7 days"


def test_a_log_group_with_a_retention_passes() -> None:
    logs = resource("AWS::Logs::LogGroup", RetentionInDays=365)

    assert not list(check([stack({"Function": FUNCTION, "Logs": logs})]))


def test_a_log_group_that_is_kept_forever_is_found() -> None:
    [finding] = check([stack({"Function": FUNCTION, "Logs": resource("AWS::Logs::LogGroup")})])

    assert finding.path == "pipeline/primary/tap/Function"
    assert finding.message == "the function's log group has no retention"


def test_a_function_that_makes_its_own_log_group_is_found() -> None:
    other = resource("AWS::Logs::LogGroup", RetentionInDays=365)

    assert list(check([stack({"Function": resource("AWS::Lambda::Function"), "Logs": other})]))
