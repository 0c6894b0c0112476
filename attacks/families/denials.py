"""Denials that lock everybody out, or the product itself; and rights that it needs and loses."""

from attacks.attack import PRIMARY, Attack, Plant, drop, say

POLICY = "Processor/Service/Role/DefaultPolicy"
OTHER = "arn:aws:iam::000000000000:role/serverless-other-prod"
DENIED: dict[str, tuple[str, dict[str, object]]] = {
    "everybody's access to its bucket": (
        "Ingestion/Bucket/Policy",
        {"Principal": "*", "Action": "s3:*"},
    ),
    "all that others do": (
        "Ingestion/Bucket/Policy",
        {"NotPrincipal": {"AWS": OTHER}, "Action": "s3:*"},
    ),
    "all but one call": ("Alerts/Topic/Policy", {"Principal": "*", "NotAction": "sns:Publish"}),
    "its own writes": (POLICY, {"Action": "dynamodb:PutItem"}),
    "what has a tag": (
        POLICY,
        {"Action": "*", "Condition": {"StringNotEquals": {"aws:ResourceTag/a": "b"}}},
    ),
}


def _denies(policy: str, what: dict[str, object]) -> Plant:
    return say(policy, {"Effect": "Deny", **what}, stacks=[PRIMARY])


ATTACKS = (
    *(
        Attack(f"a denial of {what}", _denies(*how), by="denial-added")
        for what, how in DENIED.items()
    ),
    Attack(
        "a key that its administrators lose",
        drop("Alerts/Key", "Properties.KeyPolicy.Statement.0"),
        by="statement-removed",
        says="kms:*",
    ),
    Attack(
        "a key that CloudWatch can't use any more",
        drop("Alerts/Key", "Properties.KeyPolicy.Statement.1"),
        by="statement-removed",
    ),
)
