from collections.abc import Mapping

from policies.rules.region_parity import against
from tests.policy.templates import Body, resource, stack

NOTHING = frozenset[str]()


def differences(
    one: Mapping[str, Body], other: Mapping[str, Body], explained: frozenset[str] = NOTHING
) -> list[str]:
    stacks = [stack(one), stack(other, region="us-west-2", stage="standby")]
    return [finding.message for finding in against(explained, stacks)]


def queue(name: str, **properties: object) -> Body:
    return resource("AWS::SQS::Queue", QueueName=name, **properties)


def test_copies_that_differ_in_region_and_role_only_pass() -> None:
    one = {"Q": queue("q", Of="us-east-1", Peer="us-west-2", Bucket="serverless-ingestion-prod")}
    other = {
        "Q": queue("q", Of="us-west-2", Peer="us-east-1", Bucket="serverless-ingestion-dr-prod")
    }

    assert differences(one, other) == []


def test_a_property_that_differs_is_found_by_its_place() -> None:
    one, other = {"Q": queue("q", Period=14)}, {"Q": queue("q", Period=4)}

    assert differences(one, other) == ["differs from us-east-1: tap/Q Properties.Period"]


def test_a_region_that_names_itself_where_it_should_name_the_other_is_found() -> None:
    one, other = {"Q": queue("q", Peer="us-west-2")}, {"Q": queue("q", Peer="us-west-2")}

    assert differences(one, other) == ["differs from us-east-1: tap/Q Properties.Peer"]


def test_a_resource_of_one_region_only_is_found() -> None:
    assert differences({"Q": queue("q")}, {}) == ["differs from us-east-1: tap/Q"]


def test_an_explained_difference_passes_with_what_is_inside_it() -> None:
    one, other = {"Q": queue("q", Rule={"Age": 1})}, {"Q": queue("q", Rule={"Age": 2})}

    assert differences(one, other, frozenset({"tap/Q Properties.Rule"})) == []


def test_explaining_that_a_resource_is_missing_does_not_explain_how_it_differs() -> None:
    one, other = {"Q": queue("q", Period=14)}, {"Q": queue("q", Period=4)}

    assert len(differences(one, other, frozenset({"tap/Q"}))) == 2


def test_an_explanation_without_its_difference_is_found() -> None:
    same = {"Q": queue("q")}

    place = "tap/Q Properties.Period"
    stacks = [stack(same), stack(same, region="us-west-2", stage="standby")]

    [finding] = against(frozenset({place}), stacks)

    assert finding.rule == f"[{place}]"
    assert finding.message == f"the explained difference no longer exists: {place}"


def test_a_stack_without_a_copy_is_found() -> None:
    [finding] = against(NOTHING, [stack({"Q": queue("q")})])

    assert finding.message == "tap has no copy in another region"


def test_the_order_of_a_list_of_names_does_not_matter() -> None:
    assert differences({"Q": queue("q", Of=["a", "b"])}, {"Q": queue("q", Of=["b", "a"])}) == []


def test_a_difference_inside_a_list_is_found_by_its_place_in_the_list() -> None:
    one, other = (
        {"Q": queue("q", Rules=["a", {"Age": 1}])},
        {"Q": queue("q", Rules=["a", {"Age": 2}])},
    )

    assert differences(one, other) == ["differs from us-east-1: tap/Q Properties.Rules.1.Age"]


def test_lists_of_different_lengths_differ_as_a_whole() -> None:
    one, other = {"Q": queue("q", Rules=["a"])}, {"Q": queue("q", Rules=["a", "b"])}

    assert differences(one, other) == ["differs from us-east-1: tap/Q Properties.Rules"]


def test_a_reference_differs_as_a_whole() -> None:
    one = {"Q": queue("q", Key={"Fn::GetAtt": ["Key", "Arn"]})}
    other = {"Q": queue("q", Key={"Ref": "Alias"})}

    assert differences(one, other) == ["differs from us-east-1: tap/Q Properties.Key"]
