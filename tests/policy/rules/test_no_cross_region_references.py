import pytest

from policies.rules.no_cross_region_references import check
from tests.policy.templates import resource, stack


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::ImportValue": "primary:TableArn"},
        {"Fn::GetStackOutput": {"StackName": "primary", "OutputName": "TableArn"}},
        "{{resolve:ssm:/cdk/exports/standby/table}}",
    ],
)
def test_a_resource_that_waits_for_another_stack_is_found(value: object) -> None:
    function = resource("AWS::Lambda::Function", Environment={"Variables": {"TABLE": value}})

    [finding] = check([stack({"Function": function})])

    assert finding.path == "pipeline/primary/tap/Function"
    assert finding.message.startswith("depends on another stack: ")


def test_an_exported_output_is_found() -> None:
    [finding] = check([stack(outputs={"Arn": {"Value": "v", "Export": {"Name": "primary:Arn"}}})])

    assert finding.path == "pipeline/primary/tap/Arn"
    assert finding.message == 'the output Arn is exported: {"Name": "primary:Arn"}'


def test_the_resource_that_carries_exports_to_another_region_is_found() -> None:
    assert list(check([stack({"Writer": resource("Custom::CrossRegionExportWriter")})]))


def test_a_literal_and_a_reference_within_the_stack_pass() -> None:
    function = resource("AWS::Lambda::Function", Role={"Fn::GetAtt": ["Role", "Arn"]})

    assert not list(check([stack({"F": function}, outputs={"Arn": {"Value": "v"}})]))
