"""What CloudFormation would run, choose, import or fill in when it deploys a template."""

from attacks import variants
from attacks.attack import PRIMARY, STACK, Attack, add, put

PLAIN = "Project-plain-templates"
FILLED: dict[str, object] = {
    "on a condition": {"Fn::If": ["Never", "a", "b"]},
    "by a macro": {"Fn::Transform": {"Name": "Mine"}},
    "by another stack": {"Fn::ImportValue": "mine"},
    "by a map": {"Fn::FindInMap": ["a", "b", "c"]},
    "by a secret": "{{resolve:secretsmanager:mine}}",
    "by a parameter of the account": "{{resolve:ssm:/mine}}",
}
BRINGING = (
    *("AWS::CloudFormation::Stack", "AWS::CloudFormation::StackSet", "AWS::CloudFormation::Macro"),
    *("AWS::CloudFormation::CustomResource", "Custom::Mine", "AWS::Serverless::Application"),
    *("Mine::S3::Bucket::MODULE", "AWS::CloudFormation::GuardHook"),
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
    Attack("a macro over the template", put(STACK, "Transform", ["Mine"]), by=PLAIN),
    Attack(
        "a denial that is not deployed",
        put("Ingestion/Bucket/Policy", "Condition", "Never"),
        by=PLAIN,
    ),
)
