"""Changes that are dangerous only because of what is deployed already."""

from attacks import variants
from attacks.attack import PRIMARY, STANDBY, Attack, Plant, append, edit, put, remove, say

TABLE, BUCKET = "Table/Table", "Ingestion/Bucket"
INDEXES = "Properties.GlobalSecondaryIndexes"
ANYBODY = {"Principal": "*", "Action": "sqs:SendMessage"}
REPLACED, REMOVED, EXPIRY = "stateful-replaced", "stateful-removed", "expiry-added"


def _of_table(path: str, value: object) -> Plant:
    return put(TABLE, f"Properties.{path}", value, stacks=[PRIMARY])


ATTACKS = (
    Attack(
        "a table with another key",
        _of_table("KeySchema", [{"AttributeName": "timestamp", "KeyType": "HASH"}]),
        by=REPLACED,
        says="KeySchema",
    ),
    Attack(
        "a table with another name",
        _of_table("TableName", "serverless-records-prod"),
        by=REPLACED,
        says="TableName",
    ),
    Attack("a table that is gone", remove(TABLE, stacks=[PRIMARY]), by=REMOVED),
    Attack(
        "an index that is replaced",
        _of_table(
            "GlobalSecondaryIndexes.0.KeySchema",
            [{"AttributeName": "dataset", "KeyType": "HASH"}],
        ),
        by="index-changed",
        says="status-index",
    ),
    Attack(
        "two more indexes at once",
        edit(
            TABLE,
            INDEXES,
            lambda old: [*old, *({**old[0], "IndexName": name} for name in ("one", "two"))],
            stacks=[PRIMARY],
        ),
        by="table-updates",
    ),
    Attack(
        "a table whose records begin to expire",
        _of_table("TimeToLiveSpecification", {"AttributeName": "timestamp", "Enabled": True}),
        by=EXPIRY,
        says="timestamp",
    ),
    *variants.attacks(
        "a bucket whose files begin to expire",
        {
            "after days": {"ExpirationInDays": 30},
            "some of them": {"ExpirationInDays": 30, "Prefix": "orders/"},
        },
        lambda rule: append(
            BUCKET, "Properties.LifecycleConfiguration.Rules", {"Status": "Enabled", **rule}
        ),
        by=EXPIRY,
        says="ExpirationInDays",
    ),
    Attack(
        "a bucket with another name",
        put(BUCKET, "Properties.BucketName", "serverless-incoming-prod"),
        by=REPLACED,
        says="BucketName",
    ),
    Attack("a queue that is gone", remove("Processor/DeadLetters/Queue"), by=REMOVED),
    *variants.attacks(
        "a role that may do more",
        variants.texts("dynamodb:*", "dynamodb:PutItem"),
        lambda action: put(
            "Processor/Service/Role/DefaultPolicy",
            "Properties.PolicyDocument.Statement.0.Action",
            action,
            stacks=[PRIMARY],
        ),
        by="access-widened",
        says="dynamodb:*",
    ),
    Attack(
        "a queue that takes messages of anybody",
        say("StreamConsumer/Failures/Queue/Policy", ANYBODY),
        by="access-widened",
        says="sqs:SendMessage",
    ),
    Attack(
        "a queue that no longer denies plain HTTP",
        put("Processor/DeadLetters/Queue/Policy", "Properties.PolicyDocument.Statement", []),
        by="statement-removed",
        says="sqs:*",
    ),
    Attack(
        "a queue that nobody can use any more",
        say(
            "Processor/DeadLetters/Queue/Policy",
            {"Effect": "Deny", "Principal": "*", "Action": "sqs:*"},
        ),
        by="denial-added",
        says="sqs:*",
    ),
    Attack(
        "a bucket that is opened",
        put(BUCKET, "Properties.PublicAccessBlockConfiguration.BlockPublicPolicy", value=False),
        by="network-opened",
        says="BlockPublicPolicy",
    ),
    Attack(
        "an access point over other buckets",
        put(
            "AccessPoint/AccessPoint",
            "Properties.Regions",
            [{"Bucket": "serverless-incoming-prod"}],
            stacks=[STANDBY],
        ),
        by=REPLACED,
        says="Regions",
    ),
    Attack(
        "a role that is made again while the old one has its name",
        put("Processor/Service/Role", "Properties.Path", "/functions/"),
        by="replacement-collides",
        says="Path",
    ),
    Attack(
        "a mapping that is made again while the old one reads the stream",
        put("StreamConsumer/Changes", "Properties.StartingPosition", "AT_TIMESTAMP"),
        by="replacement-collides",
        says="StartingPosition",
    ),
    Attack(
        "a state machine that ends after five minutes, and under its name",
        put("LargeFiles/Machine", "Properties.StateMachineType", "EXPRESS"),
        by="steps-changed",
        says="five minutes",
    ),
    Attack(
        "a setting of a table that DynamoDB copies to the other account",
        _of_table("WriteOnDemandThroughputSettings", {"MaxWriteRequestUnits": 100}),
        on=_of_table("Replicas.0.GlobalTableSettingsReplicationMode", "ALL"),
        by="synchronized-setting",
        says="WriteOnDemandThroughputSettings",
    ),
    Attack(
        "a takeover that passes over what the lost region left",
        put("StreamConsumer/Takeover", "Properties.StartingPosition", "LATEST"),
        by="changes-passed-over",
        says="LATEST",
    ),
    Attack(
        "a takeover that an update would end",
        put("StreamConsumer/Takeover", "Properties.BatchSize", 50),
        by="takeover-reset",
        says="BatchSize",
    ),
)
