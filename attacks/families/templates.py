"""What CloudFormation would run, choose, import or fill in when it deploys a template."""

from attacks import variants
from attacks.attack import PRIMARY, STACK, Attack, add, put, say

PLAIN = "Project-plain-templates"
FILLED: dict[str, object] = {
    "on a condition": {"Fn::If": ["Never", "a", "b"]},
    "by a macro": {"Fn::Transform": {"Name": "Mine"}},
    "by another stack": {"Fn::ImportValue": "mine"},
    "by a map": {"Fn::FindInMap": ["a", "b", "c"]},
    "by a secret": "{{resolve:secretsmanager:mine}}",
    "by a parameter of the account": "{{resolve:ssm:/mine}}",
}
# An account's number that nobody reads: it is put together when it is deployed.
NUMBER = {"Fn::Select": [0, {"Fn::Split": ["-", "99998888-"]}]}
HIDDEN: dict[str, object] = {
    "in a map": {"Fn::Sub": ["arn:aws:iam::${A}7777:root", {"A": "99998888"}]},
    "in a list": {
        "Fn::Join": ["", ["arn:aws:iam::", {"Fn::Select": [0, ["99998888"]]}, "7777:root"]]
    },
    "in a text": {"Fn::Join": ["", ["arn:aws:iam::", NUMBER, "7777:root"]]},
    "in what is split": {"Fn::Join": ["", {"Fn::Split": ["-", "arn:aws:iam::9999-88887777:root"]}]},
}
# By such notes, scanners look away.
NOTES: dict[str, object] = {
    "cfn-lint": {"config": {"ignore_checks": ["E3012"]}},
    "cfn_nag": {"rules_to_suppress": [{"id": "W1"}]},
    "checkov": {"skip": [{"id": "CKV_AWS_1"}]},
    "guard": {"SuppressedRules": ["S3_BUCKET_PUBLIC"]},
    "cdk_nag": {"rules_to_suppress": [{"id": "AwsSolutions-S1", "reason": "none"}]},
}
BRINGING = (
    *("AWS::CloudFormation::Stack", "AWS::CloudFormation::StackSet", "AWS::CloudFormation::Macro"),
    *("AWS::CloudFormation::CustomResource", "Custom::Mine", "AWS::Serverless::Application"),
    *("Mine::S3::Bucket::MODULE", "AWS::CloudFormation::GuardHook"),
    *("AWS::ServiceCatalog::CloudFormationProvisionedProduct", "AWS::Proton::EnvironmentTemplate"),
)
ATTACKS = (
    *variants.attacks(
        "a name that is filled in",
        FILLED,
        lambda value: put(
            "Processor/Service/Function", "Properties.Environment.Variables.A", value
        ),
        by=PLAIN,
    ),
    *(
        Attack(
            f"a resource that brings more, {type_}",
            add("Planted", type_, stacks=[PRIMARY]),
            by=PLAIN,
        )
        for type_ in BRINGING
    ),
    *(
        Attack(f"a note for {tool} beside {what}", put(at, f"Metadata.{tool}", note), by=PLAIN)
        for tool, note in NOTES.items()
        for what, at in (("a function", "Processor/Service/Function"), ("all", STACK))
    ),
    Attack(
        "a resource of another type",
        put("Watch/processor-errors", "Type", "AWS::CloudWatch::CompositeAlarm"),
        by="type-changed",
    ),
    Attack("a macro over the template", put(STACK, "Transform", ["Mine"]), by=PLAIN),
    Attack(
        "a denial that is not deployed",
        put("Ingestion/Bucket/Policy", "Condition", "Never"),
        by=PLAIN,
    ),
    *variants.attacks(
        "a principal that is hidden",
        HIDDEN,
        lambda value: say(
            "Ingestion/Bucket/Policy",
            {"Principal": {"AWS": value}, "Action": "s3:GetObject"},
            stacks=[PRIMARY],
        ),
        by=PLAIN,
    ),
    Attack(
        "an output of a secret",
        put(STACK, "Outputs.Planted", {"Value": "{{resolve:secretsmanager:mine}}"}),
        by=PLAIN,
        says="secretsmanager",
    ),
)
