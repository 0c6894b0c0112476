from dataclasses import replace

import pytest

from policies.rules.plain_templates import check
from policies.templates.template import StackTemplate
from tests.policy.templates import Body, resource, stack


def found(app: StackTemplate) -> list[str]:
    return [f"{each.path} {each.rule}" for each in check([app])]


def with_section(name: str, content: object) -> StackTemplate:
    plain = stack()
    return replace(plain, template={**plain.template, name: content})


@pytest.mark.parametrize(
    ("value", "by"),
    [
        ({"Fn::ImportValue": "primary:TableArn"}, "Fn::ImportValue"),
        ({"Fn::If": ["Never", [], []]}, "Fn::If"),
        ({"Fn::Transform": {"Name": "AWS::Include"}}, "Fn::Transform"),
        ({"Fn::Join": ["", ["a", {"Fn::FindInMap": ["A", "b", "c"]}]]}, "Fn::FindInMap"),
        (
            "{{resolve:ssm:/cdk/exports/standby/table}}",
            "{{resolve:ssm:/cdk/exports/standby/table}}",
        ),
        ({"Fn::Sub": "{{resolve:secretsmanager:${A}}}"}, "{{resolve:secretsmanager:${A}}}"),
    ],
)
def test_what_is_filled_in_later_is_found_at_any_depth(value: object, by: str) -> None:
    function = resource("AWS::Lambda::Function", Environment={"Variables": {"TABLE": [value]}})

    assert found(stack({"F": function})) == [f"pipeline/primary/tap/F [{by}]"]


@pytest.mark.parametrize(
    "type_",
    [
        *("AWS::CloudFormation::Stack", "AWS::CloudFormation::Macro", "AWS::Serverless::Function"),
        *("Custom::AWS", "Custom::TableStreamArnOfOthers", "Ours::S3::Bucket::MODULE", "A::B::C"),
    ],
)
def test_what_brings_or_runs_more_than_the_template_is_found(type_: str) -> None:
    assert found(stack({"It": resource(type_)})) == [f"pipeline/primary/tap/It [{type_}]"]


@pytest.mark.parametrize("attribute", ["Condition", "CreationPolicy", "UpdatePolicy"])
def test_what_may_not_be_deployed_or_waits_for_a_signal_is_found(attribute: str) -> None:
    bucket = resource("AWS::S3::Bucket", {attribute: "Never"})

    assert found(stack({"B": bucket})) == [f"pipeline/primary/tap/B [{attribute}]"]


@pytest.mark.parametrize(
    ("section", "content", "told"),
    [
        ("Transform", ["AWS::Serverless-2016-10-31"], "Transform"),
        ("Conditions", {"Never": {}}, "Conditions"),
        ("Mappings", {"A": {}}, "Mappings"),
        ("Hooks", {}, "Hooks"),
        ("Parameters", {"Boundary": {"Type": "String"}}, "Parameters Boundary"),
        ("Rules", {"Mine": {}}, "Rules Mine"),
        ("Outputs", {"A": {"Value": {"Fn::ImportValue": "b"}}}, "Fn::ImportValue"),
        ("Outputs", {"A": {"Value": "{{resolve:ssm:a}}"}}, "{{resolve:ssm:a}}"),
    ],
)
def test_a_section_that_decides_what_is_deployed_is_found(
    section: str, content: object, told: str
) -> None:
    assert found(with_section(section, content)) == [f"pipeline/primary/tap [{told}]"]


def test_an_exported_output_is_found() -> None:
    [finding] = check([stack(outputs={"Arn": {"Value": "v", "Export": {"Name": "primary:Arn"}}})])

    assert finding.path == "pipeline/primary/tap/Arn"
    assert "exported" in finding.message


def test_references_within_the_stack_the_lookup_and_cdks_own_question_pass() -> None:
    function = resource(
        "AWS::Lambda::Function", {"DependsOn": ["R"]}, Role={"Fn::GetAtt": ["R", "Arn"]}
    )
    app = stack(
        {"F": function, "L": resource("Custom::TableStreamArn")}, outputs={"A": {"Value": 1}}
    )
    sections: Body = {
        "Parameters": {"BootstrapVersion": {}},
        "Rules": {"CheckBootstrapVersion": {}},
    }

    assert found(replace(app, template={**app.template, **sections})) == []
