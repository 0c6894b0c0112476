"""What roles may do that they should not."""

from attacks.attack import Attack, put

ATTACKS = (
    Attack(
        "a wildcard action",
        put(
            "Processor/Service/Role/DefaultPolicy",
            "Properties.PolicyDocument.Statement.0.Action",
            "s3:*",
        ),
        by="Project-no-wildcard-actions",
        says="s3:*",
    ),
)
