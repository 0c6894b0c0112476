"""Denials that lock everybody out, or the product itself; and rights that it needs and loses."""

from attacks import variants
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
# Of what the processor reads: less than all, which may be nothing.
FILES = "arn:aws:s3:::serverless-data-ingestion-prod/"
NARROWED: dict[str, object] = {
    "a folder that nobody fills": f"{FILES}nowhere/*",
    "the canary's folder": f"{FILES}canary/*",
    "one file": f"{FILES}a.csv",
    "names of one letter": f"{FILES}?",
    "two folders": [f"{FILES}a/*", f"{FILES}b/*"],
    "a folder, joined of two texts": {"Fn::Join": ["", [FILES, "nowhere/*"]]},
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
    *variants.attacks(
        "a role that may read only",
        NARROWED,
        lambda value: put(
            POLICY, "Properties.PolicyDocument.Statement.1.Resource", value, stacks=[PRIMARY]
        ),
        by="statement-removed",
        says="s3:GetObject",
    ),
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
