from policies.rules.known_types import check
from tests.policy.templates import resource, stack


def test_a_type_that_the_bootstrap_has_no_rights_for_is_found_by_its_resource() -> None:
    known, unknown = resource("AWS::SQS::Queue"), resource("AWS::Events::Archive")

    [found] = check([stack({"Known": known, "Unknown": unknown})])

    assert found.path.endswith("/Unknown")
    assert found.message == "CloudFormation may make no AWS::Events::Archive"
