"""What could be lost or read on its way."""

from attacks import variants
from attacks.attack import PRIMARY, STANDBY, Attack, add, append, drop, put

QUEUE = "StreamConsumer/Failures/Queue"
TABLE, BUCKET, SECURE = "Table/Table", "Ingestion/Bucket", "aws:SecureTransport"
TLS = f"Properties.PolicyDocument.Statement.0.Condition.Bool.{SECURE}"
ENCRYPTED, SENT, EXPIRES = (
    f"Project-{name}" for name in ("encrypted-at-rest", "encrypted-in-transit", "nothing-expires")
)

ATTACKS = (
    *variants.attacks(
        "an unencrypted table",
        variants.off(),
        lambda value: put(TABLE, "Properties.SSESpecification.SSEEnabled", value, stacks=[PRIMARY]),
        by=ENCRYPTED,
    ),
    *variants.told(
        "a replica in a third region",
        append(TABLE, "Properties.Replicas", {"Region": "us-east-2"}, stacks=[PRIMARY]),
        "replicas-otherwise",
    ),
    *variants.told(
        "records that another stream gets as well",
        put(
            TABLE,
            "Properties.Replicas.us-east-1.KinesisStreamSpecification",
            {"StreamArn": "arn:aws:kinesis:us-east-1:000000000000:stream/mine"},
            stacks=[PRIMARY],
        ),
        "sends-elsewhere",
    ),
    *(
        variants.told(
            name, put(TABLE, f"Properties.{name}", value, stacks=[PRIMARY]), "replicas-otherwise"
        )[0]
        for name, value in (
            ("MultiRegionConsistency", "STRONG"),
            ("GlobalTableWitnesses", [{"Region": "us-east-2"}]),
        )
    ),
    *variants.attacks(
        "an unencrypted queue",
        variants.off(),
        lambda value: put(
            "StreamConsumer/Failures/Queue", "Properties.SqsManagedSseEnabled", value
        ),
        by=ENCRYPTED,
    ),
    *variants.attacks(
        "a key that is never rotated",
        variants.off(),
        lambda value: put("Alerts/Key", "Properties.EnableKeyRotation", value),
        by=ENCRYPTED,
        says="does not rotate",
    ),
    Attack(
        "an unencrypted topic",
        drop("Alerts/Topic", "Properties.KmsMasterKeyId"),
        by=ENCRYPTED,
    ),
    Attack(
        "no point-in-time recovery on a replica",
        drop(TABLE, "Properties.Replicas.0.PointInTimeRecoverySpecification", stacks=[PRIMARY]),
        by="Project-replicas-complete",
        says="us-west-2",
    ),
    *variants.attacks(
        "no deletion protection on a replica",
        variants.off(),
        lambda value: put(
            TABLE, "Properties.Replicas.1.DeletionProtectionEnabled", value, stacks=[PRIMARY]
        ),
        by="Project-replicas-complete",
        says="us-east-1",
    ),
    Attack(
        "a table that goes with its stack",
        put(TABLE, "DeletionPolicy", "Delete", stacks=[PRIMARY]),
        by="Project-retained",
    ),
    Attack(
        "a key that outlives the failed deployment that created it",
        put("Alerts/Key", "DeletionPolicy", "Retain"),
        by="Project-retained",
        says="outlives a failed deployment",
    ),
    Attack(
        "a schedule that puts a file while all else can still fail",
        put("Canary/Schedule", "DependsOn", []),
        by="Project-created-last",
    ),
    *variants.attacks(
        "a bucket that takes plain HTTP",
        {"as a text": "true", "as a boolean": True, "in a list": ["true"], "either way": None},
        lambda value: put("Ingestion/Bucket/Policy", TLS, value),
        by=SENT,
        found_at=BUCKET,
    ),
    Attack(
        "a queue that takes plain HTTP",
        put("Processor/DeadLetters/Queue/Policy", TLS, "true"),
        by=SENT,
        found_at="Processor/DeadLetters/Queue",
    ),
    Attack(
        "a name that the other region's has already",
        put(
            "Watch/Dashboard",
            "Properties.DashboardName",
            "serverless-data-ingestion-us-east-1-prod",
            stacks=[STANDBY],
        ),
        by="Project-names",
        says="has already",
    ),
    Attack(
        "what the bootstrap lets nobody make",
        add("Kept", "AWS::Events::Archive", SourceArn="a"),
        by="Project-known-types",
        says="CloudFormation may make no AWS::Events::Archive",
    ),
    Attack(
        "what waits for itself",
        put("Alerts/Key", "DependsOn", ["AlertsTopicCF7C81C9"]),
        by="Project-created-last",
        says="waits for itself",
    ),
    Attack(
        "a name outside the convention",
        put("StreamConsumer/Service/Logs", "Properties.LogGroupName", "consumer"),
        by="Project-names",
        says="consumer",
    ),
    *variants.attacks(
        "a table whose records expire",
        {"switched on": True, "as a text": "true"},
        lambda value: put(
            TABLE,
            "Properties.TimeToLiveSpecification",
            {"AttributeName": "timestamp", "Enabled": value},
            stacks=[PRIMARY],
        ),
        by=EXPIRES,
    ),
    *variants.attacks(
        "a bucket whose files expire",
        {
            "after days": {"ExpirationInDays": 30},
            "after days, as a text": {"ExpirationInDays": "30"},
            "on a day": {"ExpirationDate": "2030-01-01T00:00:00Z"},
            "some of them": {"ExpirationInDays": 30, "Prefix": "orders/"},
        },
        lambda rule: put(
            BUCKET, "Properties.LifecycleConfiguration.Rules", [{"Status": "Enabled", **rule}]
        ),
        by=EXPIRES,
    ),
    *variants.attacks(
        "a bucket that forgets what is overwritten",
        {"suspended": "Suspended", "never": None},
        lambda value: put(BUCKET, "Properties.VersioningConfiguration.Status", value),
        by="Project-working-settings",
    ),
)
