"""Denials that lock everybody out, or the product itself; and rights that it needs and loses."""

from attacks.attack import PRIMARY, Attack, Plant, drop, edit, put, say

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
NEVER = {"Bool": {"aws:ViaAWSService": "true"}}
# A policy, the document in it, and the position of a statement that the product lives by.
NEEDED = {
    "CloudWatch's use of the alerts' key": ("Alerts/Key", "KeyPolicy", 1),
    "CloudWatch's messages": ("Alerts/Topic/Policy", "PolicyDocument", 0),
    "a function's work": (POLICY, "PolicyDocument", 0),
}


def _never(policy: str, document: str, position: int) -> Plant:
    """Put a right on one more condition, which does not hold."""
    return edit(
        policy,
        f"Properties.{document}.Statement.{position}.Condition",
        lambda old: {**(old or {}), **NEVER},
    )


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
    *(
        Attack(f"{what}, on a condition that never holds", _never(*where), by="statement-removed")
        for what, where in NEEDED.items()
    ),
    *(
        Attack(
            f"S3's call of a function, for {limit} only",
            put("Ingestion/InvokeProcessor", f"Properties.{limit}", value),
            by="statement-removed",
            says="lambda:InvokeFunction",
        )
        for limit, value in {"EventSourceToken": "a", "PrincipalOrgID": "o-1"}.items()
    ),
)
