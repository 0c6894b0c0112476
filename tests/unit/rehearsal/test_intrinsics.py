import pytest

from local.rehearsal.errors import RehearsalError
from local.rehearsal.intrinsics import Intrinsics

INTRINSICS = Intrinsics(
    references={"Bucket": "cakes", "AWS::Partition": "aws"},
    attribute=lambda logical_id, name: f"<{name} of {logical_id}>",
)


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ("as it is", "as it is"),
        (3, 3),
        ({"Ref": "Bucket"}, "cakes"),
        ({"Fn::GetAtt": ["Role", "Arn"]}, "<Arn of Role>"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Bucket"}, "b"]]}, "a-cakes-b"),
        ({"Fn::Sub": "${AWS::Partition}:${Bucket}:${Role.Arn}"}, "aws:cakes:<Arn of Role>"),
        ({"Fn::Sub": "${!Literal}"}, "${!Literal}"),
        ({"a": [{"b": {"Ref": "Bucket"}}]}, {"a": [{"b": "cakes"}]}),
    ],
)
def test_functions_are_resolved_wherever_they_stand(value: object, resolved: object) -> None:
    assert INTRINSICS.resolve(value) == resolved


@pytest.mark.parametrize(
    "value",
    [{"Fn::ImportValue": "Cakes"}, {"Ref": "Nothing"}, {"Fn::Join": "no list"}],
)
def test_what_can_not_be_resolved_is_refused(value: object) -> None:
    with pytest.raises(RehearsalError):
        INTRINSICS.resolve(value)
