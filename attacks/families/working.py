"""The product as it works: a setting with which it runs, and does less than it seems to."""

from attacks.attack import Attack, put

ATTACKS = (
    Attack(
        "a mapping that is off",
        put("StreamConsumer/Changes", "Properties.Enabled", value=False),
        by="mapping-switched",
        says="becomes false",
    ),
)
