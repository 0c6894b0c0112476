from pathlib import Path

from policies.changes.kinds import KINDS, findings
from policies.changes.kinds.replacement_collides import IDENTITIES
from policies.changes.resource_spec import Replacement, Spec
from policies.changes.update import update
from policies.templates import assembly
from tests.policy.templates import Body, resource, stack

KIND = "replacement-collides"
MAPPING, FUNCTION = "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Function"


def mapping(start: str, function: str = "Consumer") -> Body:
    return resource(
        MAPPING,
        FunctionName={"Ref": function},
        EventSourceArn={"Fn::GetAtt": ["Table", "StreamArn"]},
        StartingPosition=start,
    )


def reported(before: Body, after: Body) -> list[str]:
    change = update(stack({"R": before}), stack({"R": after}), Spec.load())
    return [found.rule for found in KINDS[KIND].check(change)]


def test_a_mapping_that_begins_elsewhere_is_refused_beside_the_old_one() -> None:
    found = reported(mapping("TRIM_HORIZON"), mapping("LATEST"))

    assert found == [f"[{MAPPING} StartingPosition]"]


def test_a_mapping_of_another_function_is_not_refused() -> None:
    assert reported(mapping("TRIM_HORIZON"), mapping("LATEST", "Alias")) == []


def test_a_resource_with_a_fixed_name_cannot_be_replaced_by_another_of_that_name() -> None:
    zip_, image = (
        resource(FUNCTION, FunctionName="processor", PackageType=each) for each in ("Zip", "Image")
    )

    assert reported(zip_, image) == [f"[{FUNCTION} PackageType]"]


def test_a_new_name_or_none_makes_room() -> None:
    old = resource(FUNCTION, FunctionName="processor", PackageType="Zip")
    new = resource(FUNCTION, FunctionName="processor-2", PackageType="Image")
    nameless = [resource(FUNCTION, PackageType=each) for each in ("Zip", "Image")]

    assert reported(old, new) == []
    assert reported(*nameless) == []


def test_another_logical_id_of_the_same_name_is_refused_as_well_and_told_once() -> None:
    first, second = (resource(FUNCTION, FunctionName="f", Timeout=each) for each in (1, 2))
    moved = update(stack({"Old": first}), stack({"New": first}), Spec.load())
    changed = update(stack({"Old": first}), stack({"New": second}), Spec.load())

    [found] = findings(moved)

    assert found.rule == f"{KIND}[{FUNCTION}]"
    assert found.message.startswith("its logical id was Old and is New")
    assert [each.kind for each in findings(changed)] == [KIND, "unclassified"]


def test_a_change_in_place_is_none_of_its_business() -> None:
    old, new = (resource(FUNCTION, FunctionName="f", Timeout=each) for each in (1, 2))

    assert reported(old, new) == []


def test_every_type_that_the_app_gives_a_fixed_name_is_known(customised: Path) -> None:
    spec = Spec.load()

    fixed = {
        each.type
        for one in assembly.read(customised).stacks
        for each in one.resources()
        for name, value in each.properties.items()
        if name.endswith("Name")
        and isinstance(value, str)
        and spec.replacement(each.type, name) == Replacement.YES
    }

    assert fixed - spec.stateful <= IDENTITIES.keys()
    assert {"AWS::IAM::Role", FUNCTION} <= fixed
