"""What is deleted by itself: more than before, or no longer what people were promised."""

from attacks.attack import PRIMARY, Plant, both, drop, put
from attacks.variants import joined, told

LOGS_RULE = "Properties.LifecycleConfiguration.Rules.0"
TABLE, TTL = "Table/Table", "Properties.TimeToLiveSpecification"
ON = put(TABLE, TTL, {"AttributeName": "expiresAt", "Enabled": True}, stacks=[PRIMARY])
SHARED = put(
    TABLE,
    "Properties.Replicas.us-east-1.GlobalTableSettingsReplicationMode",
    "ENABLED",
    stacks=[PRIMARY],
)


def _put(path: str, value: object) -> Plant:
    return put(TABLE, f"{TTL}{path}", value, stacks=[PRIMARY])


ATTACKS = joined(
    told(
        "a key that is lost within a week",
        put("Alerts/Key", "Properties.PendingWindowInDays", 7),
        "key-changed",
        says="days remain to notice",
    ),
    told(
        "a table that a failed creation deletes",
        put(TABLE, "DeletionPolicy", "RetainExceptOnCreate", stacks=[PRIMARY]),
        "protection-lifted",
        says="a creation that is rolled back deletes it",
    ),
    told(
        "items that expire by another attribute",
        _put(".AttributeName", "timestamp"),
        "expiry-added",
        says="an item whose time is in the old attribute never expires",
        on=ON,
    ),
    *(
        told(
            f"items that expire no more, {how}",
            plant,
            "expiry-removed",
            says="no item of the table expires any more",
            on=ON,
        )
        for how, plant in (
            ("by its absence", _put("", None)),
            ("switched off", _put(".Enabled", value=False)),
        )
    ),
    *(
        told(
            f"access logs that stay, {how}",
            put("Ingestion/AccessLogs", f"{LOGS_RULE}.{of}", value),
            "kept-longer",
            says="docs/security.md",
        )
        for how, of, value in (
            ("for ten years", "ExpirationInDays", 3650),
            ("as versions", "NoncurrentVersionExpiration", None),
            ("but for a folder", "Prefix", "a/"),
            ("by a rule that is off", "Status", "Disabled"),
            ("in two versions", "NoncurrentVersionExpiration.NewerNoncurrentVersions", 2),
        )
    ),
    told(
        "logs that stay for ever",
        drop("Processor/Service/Logs", "Properties.RetentionInDays"),
        "kept-longer",
        says="keeps what is there for ever",
    ),
    told(
        "the other account's items that expire by another attribute",
        _put(".AttributeName", "timestamp"),
        "synchronized-setting",
        says="DynamoDB would delete each item whose time in it has passed",
        on=both(ON, SHARED),
    ),
)
