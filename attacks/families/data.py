"""What is stored: kept shorter, archived, locked, capped, or no longer to be had back.

Each is told by the hazard that it is, and by a rule if it may not be so from the first day on.
"""

from attacks import variants
from attacks.attack import PIPELINE, PRIMARY, Attack, append, both, put

TABLE, BUCKET, TOPIC = "Table/Table", "Ingestion/Bucket", "Alerts/Topic"
WORKS, COMPLETE = "Project-working-settings", "Project-replicas-complete"
INDEX, INDEXES = "GlobalSecondaryIndexes.status-index", "GlobalSecondaryIndexes"
PITR = "PointInTimeRecoverySpecification"
RULES = "LifecycleConfiguration.Rules"
VIEW = "StreamSpecification.StreamViewType"
ON = f"Replicas.us-west-2.{PITR}.PointInTimeRecoveryEnabled"
SHARED = "GlobalTableSettingsReplicationMode"
SOME_DAY = {"TransitionInDays": 30}
CAP = {"MaxWriteRequestUnits": 10}


def _of_table(what: str, path: str, value: object, *by: str) -> tuple[Attack, ...]:
    return variants.told(what, put(TABLE, f"Properties.{path}", value, stacks=[PRIMARY]), *by)


ATTACKS = variants.joined(
    *(
        _of_table(
            f"a replica that reaches back {days} days",
            f"Replicas.{replica}.{PITR}.RecoveryPeriodInDays",
            days,
            "recovery-shortened",
            COMPLETE,
        )
        for replica in ("us-east-1", "us-west-2")
        for days in (1, 34)
    ),
    *(
        _of_table(f"a replica without recovery, {how}", ON, value, "recovery-shortened", COMPLETE)
        for how, value in variants.off().items()
    ),
    *(
        _of_table(
            f"a replica that can be deleted, {how}",
            "Replicas.us-east-1.DeletionProtectionEnabled",
            value,
            "protection-lifted",
        )
        for how, value in variants.off().items()
    ),
    _of_table(
        "a region without a replica", "Replicas.us-west-2", None, "replica-removed", COMPLETE
    ),
    _of_table(
        "a replica that is rarely read",
        "Replicas.us-east-1.TableClass",
        "STANDARD_INFREQUENT_ACCESS",
        "archived",
        WORKS,
    ),
    *(
        _of_table(f"a cap on {what}", path, value, "capacity-changed", WORKS)
        for what, path, value in (
            ("writes", "WriteOnDemandThroughputSettings", CAP),
            ("reads", "Replicas.us-east-1.ReadOnDemandThroughputSettings", CAP),
            ("the index", f"{INDEX}.WriteOnDemandThroughputSettings", CAP),
            (
                "the index of a replica",
                f"Replicas.us-east-1.{INDEX}.ReadOnDemandThroughputSettings",
                CAP,
            ),
            ("what is bought", "BillingMode", "PROVISIONED"),
            ("what is bought, by its absence", "BillingMode", None),
        )
    ),
    _of_table(
        "less that is warm", "WarmThroughput", {"WriteUnitsPerSecond": 1}, "capacity-changed"
    ),
    _of_table(
        "an index of keys only",
        f"{INDEX}.Projection",
        {"ProjectionType": "KEYS_ONLY"},
        "index-changed",
        WORKS,
    ),
    _of_table(
        "an index without the reason of a failure",
        f"{INDEX}.Projection.NonKeyAttributes",
        ["itemType", "dataset"],
        "index-changed",
    ),
    _of_table("no index", INDEXES, None, "index-changed"),
    _of_table("another index", f"{INDEX}.IndexName", "by-status", "index-changed", "table-updates"),
    *(
        _of_table(f"a stream of {view}", VIEW, view, "stream-changed", COMPLETE)
        for view in ("KEYS_ONLY", "NEW_IMAGE")
    ),
    _of_table(
        "another key of the table", "SSESpecification.SSEType", "AES256", "encryption-changed"
    ),
    *(
        variants.told(
            f"files in {to}", append(BUCKET, f"Properties.{RULES}", rule), "archived", WORKS
        )
        for to, rule in (
            (
                "an archive",
                {"Status": "Enabled", "Transitions": [{**SOME_DAY, "StorageClass": "GLACIER"}]},
            ),
            (
                "the deepest archive",
                {"Status": "Enabled", "Transition": {**SOME_DAY, "StorageClass": "DEEP_ARCHIVE"}},
            ),
            (
                "an archive once they are old versions",
                {
                    "Status": "Enabled",
                    "NoncurrentVersionTransitions": [{**SOME_DAY, "StorageClass": "GLACIER_IR"}],
                },
            ),
        )
    ),
    variants.told(
        "files that move to an archive by themselves",
        put(
            BUCKET,
            "Properties.IntelligentTieringConfigurations",
            [{"Id": "a", "Tierings": [{"AccessTier": "DEEP_ARCHIVE_ACCESS", "Days": 180}]}],
        ),
        "archived",
        WORKS,
    ),
    variants.settings(
        BUCKET,
        {
            "files that expire like the canary's": (f"{RULES}.1.Prefix", None),
            "versions that go at once": (
                f"{RULES}.1.NoncurrentVersionExpiration.NoncurrentDays",
                1,
            ),
        },
        "expiry-added",
    ),
    variants.told(
        "artifacts that go before a rollback needs them",
        put("Artifacts/Bucket", f"Properties.{RULES}.0.ExpirationInDays", 1, stacks=[PIPELINE]),
        "expiry-added",
        "Project-nothing-expires",
    ),
    variants.settings(
        BUCKET,
        {
            f"files that nobody can delete, {mode}": (
                "ObjectLockConfiguration",
                {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": mode}}},
            )
            for mode in ("COMPLIANCE", "GOVERNANCE")
        },
        "locked",
        WORKS,
    ),
    variants.settings(
        BUCKET,
        {"versions that nobody keeps": ("VersioningConfiguration.Status", "Suspended")},
        "recovery-shortened",
        "Project-working-settings",
    ),
    variants.told(
        "a bucket under another key",
        put(
            BUCKET,
            "Properties.BucketEncryption.ServerSideEncryptionConfiguration.0"
            ".ServerSideEncryptionByDefault",
            {
                "SSEAlgorithm": "aws:kms",
                "KMSMasterKeyID": "arn:aws:kms:us-east-1:111111111111:key/a",
            },
        ),
        "encryption-changed",
    ),
    variants.settings(
        TOPIC,
        {"a topic under another key": ("KmsMasterKeyId", "alias/aws/sns")},
        "encryption-changed",
    ),
    *(
        variants.told(
            f"a {what} that can be lost", put(at, "DeletionPolicy", "Delete"), "protection-lifted"
        )
        for what, at in (("bucket", BUCKET), ("key", "Alerts/Key"), ("log", "Canary/Service/Logs"))
    ),
    variants.told(
        "a setting that the other account's table has as well",
        both(
            put(TABLE, "Properties.WarmThroughput", {"WriteUnitsPerSecond": 1}, stacks=[PRIMARY]),
            put(TABLE, f"Properties.Replicas.us-east-1.{SHARED}", "ENABLED", stacks=[PRIMARY]),
        ),
        "synchronized-setting",
        says="WarmThroughput",
    ),
)
