"""What roles may do that they should not, in every spelling of a wildcard."""

from attacks import variants
from attacks.attack import PIPELINE, PRIMARY, Attack, Plant, add, append, put, say

TOPIC = "arn:aws:sns:us-east-1:000000000000:serverless-alerts-prod"
PROCESSOR, VERIFICATION = "Processor/Service/Role/DefaultPolicy", "Verification/Role/DefaultPolicy"
ACTION, RESOURCE = "Action", "Resource"
EVERYTHING = (
    *("*", "arn:aws:s3:::*", "arn:aws:dynamodb:*:*:table/*", "arn:aws:sns:us-east-1:0:*"),
    *(
        "arn:aws:sqs:*:000000000000:serverless-*",
        "*-prod",
        "arn:aws:s?*",
    ),
)


def _first(policy: str, key: str, value: object) -> Plant:
    return put(policy, f"Properties.PolicyDocument.Statement.0.{key}", value, stacks=[PRIMARY])


def _publishes(id_: str, type_: str, attached_to: str, at: str, to: object) -> Attack:
    """One more right of a role, by a policy that stands beside its own."""
    more = {"Statement": [{"Effect": "Allow", "Action": "sns:Publish", "Resource": TOPIC}]}
    return Attack(
        f"a role that is widened by a policy beside its own, {id_}",
        add(id_, type_, PolicyName=id_, PolicyDocument=more, **{attached_to: to}, stacks=[PRIMARY]),
        by="Project-declared-actions",
        says="sns:Publish",
        found_at=at,
    )


def _every(resource: str) -> tuple[Attack, ...]:
    return variants.attacks(
        f"every resource of a kind, {resource}",
        variants.texts(resource, TOPIC),
        lambda value: _first(VERIFICATION, RESOURCE, value),
        by="Project-no-wildcard-resources",
        says="acts on every resource",
    )


ATTACKS = (
    *(
        Attack(
            f"any role of the account as {who}, whatever the settings allow",
            put(
                f"People/{who}",
                "Properties.AssumeRolePolicyDocument.Statement.0.Condition.ArnEquals",
                {"aws:PrincipalArn": ["arn:aws:iam::000000000000:role/*"]},
            ),
            by="Project-declared-trust",
            says="role/*",
        )
        for who in ("Operator", "Reader")
    ),
    *variants.attacks(
        "a wildcard action",
        variants.texts("s3:*", "s3:GetObject"),
        lambda value: _first(PROCESSOR, ACTION, value),
        by="Project-no-wildcard-actions",
        says="s3:*",
    ),
    *variants.attacks(
        "a wildcard that is every action there is",
        variants.texts("*", "s3:GetObject"),
        lambda value: _first(PROCESSOR, ACTION, value),
        by="Project-no-wildcard-actions",
    ),
    *variants.attacks(
        "a widened role",
        variants.texts("s3:DeleteObject", "s3:PutObject"),
        lambda value: _first(VERIFICATION, ACTION, value),
        by="Project-declared-actions",
        says="s3:DeleteObject",
        found_at="Verification/Role",
    ),
    *variants.joined(*map(_every, EVERYTHING)),
    Attack(
        "every role there is, for the pipeline",
        say(
            "Pipeline/Pipeline/Role/DefaultPolicy",
            {"Action": "sts:AssumeRole", "Resource": "arn:aws:iam::000000000000:role/*"},
            stacks=[PIPELINE],
        ),
        by="Project-no-wildcard-resources",
        says="role/*",
    ),
    _publishes(
        "PlantedRolePolicy",
        "AWS::IAM::RolePolicy",
        "RoleName",
        "StreamConsumer/Service/Role",
        "serverless-stream-consumer-us-east-1-prod",
    ),
    _publishes(
        "PlantedManagedPolicy",
        "AWS::IAM::ManagedPolicy",
        "Roles",
        "Verification/Role",
        ["serverless-verification-us-east-1-prod"],
    ),
    Attack(
        "a policy of a role that is not the app's",
        add("PlantedPolicy", "AWS::IAM::Policy", PolicyName="p", Roles=["another-role"]),
        by="Project-declared-actions",
        says="another-role",
    ),
    Attack(
        "a key that a role may do everything with",
        say(
            "Alerts/Key",
            {"Principal": {"AWS": "arn:aws:iam::000000000000:role/one"}, "Action": "kms:*"},
            document="KeyPolicy",
        ),
        by="Project-no-wildcard-actions",
        says="role/one",
    ),
    Attack(
        "a tag that a service refuses",
        append("Alerts/Key", "Properties.Tags", {"Key": "cost-center", "Value": "R&D"}),
        by="tag-refused",
        says="R&D",
    ),
    Attack(
        "a tag that another is in capitals",
        append(
            "Processor/Service/Role",
            "Properties.Tags",
            *({"Key": key, "Value": "a"} for key in ("team", "Team")),
        ),
        by="tag-refused",
        says="in case only",
    ),
    Attack(
        "a role that seems to allow less",
        put("People/Reader", "Properties.Description", "Sees counts; may be given to anybody"),
        by="described-otherwise",
        says="may be given to anybody",
    ),
    Attack(
        "a role that a build may assume, by its tag",
        append(
            "Pipeline/Pipeline/Role",
            "Properties.Tags",
            {"Key": "aws-cdk:bootstrap-role", "Value": "file-publishing"},
            stacks=[PIPELINE],
        ),
        by="right-by-tag",
        says="take it away: aws-cdk:bootstrap-role",
    ),
)
