"""Access that must not be given: to everyone, in any notation, and to other accounts."""

from collections.abc import Mapping

from attacks import variants
from attacks.attack import PIPELINE, PRIMARY, Attack, Plant, add, append, put, say

FOREIGN = "999988887777"
STRANGER = {"AWS": f"arn:aws:iam::{FOREIGN}:root"}
OURS = "arn:aws:iam::000000000000:root"
FAILURES = "StreamConsumer/Failures/Queue/Policy"
DEAD_LETTERS = "Processor/DeadLetters/Queue/Policy"
TRUSTED = "Properties.AssumeRolePolicyDocument.Statement.0.Principal"
PUBLIC, FOREIGNERS = "Project-not-public", "Project-no-foreign-accounts"
BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
# On which nobody is kept out.
BINDING_NOBODY: Mapping[str, object] = {
    "none": {},
    "how it is sent": {"Bool": {"aws:SecureTransport": "true"}},
    "any account": {"StringLike": {"aws:PrincipalAccount": "*"}},
    "anybody who doesn't say": {"StringEqualsIfExists": {"aws:PrincipalAccount": "000000000000"}},
    "anybody else": {"StringNotEquals": {"aws:PrincipalAccount": "000000000000"}},
}


def _sends(principal: object) -> Plant:
    return say(FAILURES, {"Principal": principal, "Action": "sqs:SendMessage"}, stacks=[PRIMARY])


def _unblocked(block: str) -> tuple[Attack, ...]:
    return variants.attacks(
        f"a bucket that can be public, {block}",
        variants.off(),
        lambda value: put(
            "Ingestion/Bucket", f"Properties.PublicAccessBlockConfiguration.{block}", value
        ),
        by=PUBLIC,
        says=block,
    )


ATTACKS = (
    *variants.joined(*map(_unblocked, BLOCKS)),
    Attack(
        "a function that anybody may invoke",
        put("Ingestion/InvokeProcessor", "Properties.Principal", "*"),
        by=PUBLIC,
    ),
    *variants.attacks(
        "a queue that everybody may fill",
        variants.anybody(OURS),
        _sends,
        by=PUBLIC,
        says="sqs:SendMessage",
    ),
    *variants.attacks(
        "a queue that everybody may fill on a condition",
        BINDING_NOBODY,
        lambda condition: say(
            FAILURES,
            {"Principal": "*", "Action": "sqs:SendMessage", "Condition": condition},
            stacks=[PRIMARY],
        ),
        by=PUBLIC,
        says="sqs:SendMessage",
    ),
    *variants.attacks(
        "a role that anybody may assume",
        variants.anybody(OURS),
        lambda who: put("StreamConsumer/Service/Role", TRUSTED, who, stacks=[PRIMARY]),
        by=PUBLIC,
        says="sts:AssumeRole",
    ),
    Attack(
        "a function that anybody may call by a URL",
        add("PlantedUrl", "AWS::Lambda::Url", AuthType="NONE", TargetFunctionArn="arn"),
        by=PUBLIC,
        says="URL",
    ),
    Attack(
        "a function that has a URL from now on",
        add("PlantedUrl", "AWS::Lambda::Url", AuthType="AWS_IAM", TargetFunctionArn="arn"),
        by="network-opened",
    ),
    *variants.attacks(
        "a queue that another account may fill",
        variants.account(FOREIGN),
        _sends,
        by=FOREIGNERS,
        says="sqs:SendMessage",
    ),
    *variants.attacks(
        "a role that another account may assume",
        variants.account(FOREIGN),
        lambda who: put("Verification/Role", TRUSTED, who, stacks=[PRIMARY]),
        by=FOREIGNERS,
        says="sts:AssumeRole",
    ),
    Attack(
        "a bucket that another account may read",
        say("Ingestion/Bucket/Policy", {"Principal": STRANGER, "Action": "s3:GetObject"}),
        by=FOREIGNERS,
        says="s3:GetObject",
    ),
    Attack(
        "a topic that a service may use for another account",
        say(
            "Alerts/Topic/Policy",
            {
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sns:Publish",
                "Condition": {"StringEquals": {"aws:SourceAccount": FOREIGN}},
            },
        ),
        by=FOREIGNERS,
    ),
    Attack(
        "a table that another account may read",
        append(
            "Table/Table",
            "Properties.Replicas.0.ResourcePolicy.PolicyDocument.Statement",
            {
                "Effect": "Allow",
                "Resource": "*",
                "Principal": STRANGER,
                "Action": "dynamodb:GetItem",
            },
            stacks=[PRIMARY],
        ),
        by=FOREIGNERS,
    ),
    Attack(
        "a function that another account's buckets may invoke",
        put("Ingestion/InvokeProcessor", "Properties.SourceAccount", FOREIGN),
        by=FOREIGNERS,
    ),
    *variants.told(
        "a function that its address opens",
        put("Ingestion/InvokeProcessor", "Properties.FunctionUrlAuthType", "NONE"),
        "network-opened",
    ),
    *variants.told(
        "one more who may invoke",
        add(
            "Planted",
            "AWS::Lambda::Permission",
            Action="lambda:InvokeFunction",
            FunctionName="f",
            Principal="sns.amazonaws.com",
        ),
        "lets-in",
    ),
    *variants.told(
        "a second policy of the same bucket",
        add(
            "Planted",
            "AWS::S3::BucketPolicy",
            Bucket={"Ref": "IngestionBucket3AECAE21"},
            PolicyDocument={"Version": "2012-10-17", "Statement": []},
        ),
        "policy-overwritten",
    ),
    *variants.told(
        "an older language of policies",
        put("Ingestion/Bucket/Policy", "Properties.PolicyDocument.Version", "2008-10-17"),
        "policy-version",
    ),
    *variants.told(
        "an older language of a trust",
        put("Processor/Service/Role", "Properties.AssumeRolePolicyDocument.Version", None),
        "policy-version",
    ),
    Attack(
        "an event bus that takes another account's events",
        add(
            "PlantedBusPolicy",
            "AWS::Events::EventBusPolicy",
            StatementId="planted",
            Statement={"Effect": "Allow", "Principal": STRANGER, "Action": "events:PutEvents"},
        ),
        by=FOREIGNERS,
    ),
    Attack(
        "a key of the pipeline's that another account may use",
        say(
            "Artifacts/Key",
            {"Principal": STRANGER, "Action": "kms:Decrypt"},
            document="KeyPolicy",
            stacks=[PIPELINE],
        ),
        by=FOREIGNERS,
    ),
)
