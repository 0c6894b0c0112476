"""What is stored: how long it is kept, what can be had back, and how much can be written."""

from policies.changes import class_conditions as conditions
from policies.changes.change_class import Files, Hazard, anywhere, properties
from policies.changes.differences import Difference
from policies.changes.resource_spec import ALSO_STATEFUL
from policies.templates.template import as_list

BUCKET, QUEUE, LOG_GROUP = "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::Logs::LogGroup"
TABLE = "AWS::DynamoDB::GlobalTable"
TABLES = (TABLE, "AWS::DynamoDB::Table")
STORES = (*TABLES, BUCKET, QUEUE, LOG_GROUP, *ALSO_STATEFUL)
URL, GROUP = "AWS::Lambda::Url", "AWS::EC2::SecurityGroup"
INDEXES = ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")
CAPACITY = (
    *("BillingMode", "ProvisionedThroughput", "OnDemandThroughput", "WarmThroughput"),
    *(f"{of}OnDemandThroughputSettings" for of in ("Read", "Write")),
    *(f"{of}ProvisionedThroughputSettings" for of in ("Read", "Write")),
)
STREAMS = ("StreamSpecification", "KinesisStreamSpecification")
# What DynamoDB copies to the other account's table, of the table and of each replica.
SYNCHRONIZED = (*INDEXES, *CAPACITY, *STREAMS, "AttributeDefinitions", "TimeToLiveSpecification")
# Without one of these, a rule of a life cycle is for more objects than before.
NARROWING = ("Prefix", "TagFilters", "ObjectSizeGreaterThan", "ObjectSizeLessThan")


def _is_in_two_accounts(difference: Difference, _files: Files) -> bool:
    replicas = as_list(difference.owner.properties.get("Replicas")) if difference.owner else []
    return any("GlobalTableSettingsReplicationMode" in each for each in replicas)


def _deletes_more(difference: Difference, _files: Files) -> bool:
    return difference.after is not None or difference.where[-1] in NARROWING


HAZARDS = (
    Hazard(
        name="synchronized-setting",
        why="the other account's table has this setting as well, so CloudFormation can't change it",
        where=rf"{properties(*SYNCHRONIZED)}|Properties\.Replicas\.[^.]+\."
        rf"({'|'.join((*INDEXES, *CAPACITY))})(\..+)?",
        types=(TABLE,),
        only=_is_in_two_accounts,
        remedy="leave the template as it is and change the setting of the primary's table by hand, "
        "from where DynamoDB copies it (docs/decisions/0012-one-account-or-two.md says with what)",
    ),
    Hazard(
        name="network-opened",
        why="the base is closed here, and nobody outside can reach what is behind it",
        where=properties(
            *("PublicAccessBlockConfiguration", "AccessControl", "OwnershipControls", "AuthType"),
            *("SecurityGroupIngress", "SecurityGroupEgress", "PublicAccess", "Cors"),
            *("CorsConfiguration", "WebsiteConfiguration", "FunctionUrlAuthType"),
        ),
        remedy="leave it closed",
    ),
    Hazard(
        name="network-opened",
        why="by it, more than the base lets in can reach the network or the function behind it",
        where="|Properties.*",
        types=(URL, GROUP, f"{GROUP}Ingress", f"{GROUP}Egress"),
        only=conditions.stays,
        remedy="leave it closed",
    ),
    Hazard(
        name="recovery-shortened",
        why="a mistake that is noticed later than this reaches back can't be undone",
        where=anywhere("PointInTimeRecoverySpecification", "VersioningConfiguration"),
        remedy="leave it at the longest: 35 days, every version, on every replica",
    ),
    Hazard(
        name="protection-lifted",
        why="one call, or one update of the stack, could delete it with all that it holds",
        where=rf"{anywhere('DeletionProtectionEnabled')}"
        "|DeletionPolicy|UpdateReplacePolicy|TerminationProtection",
        only=conditions.is_not_kept,
        remedy="leave it on: who wants to delete it, lifts the protection by hand just before",
    ),
    Hazard(
        name="replica-removed",
        why="a region without a replica can't take over, and its own functions find no table",
        where=r"Properties\.Replicas\.[^.]+",
        types=TABLES,
        only=conditions.goes,
        remedy="leave it, or retire the region first, with its stack",
    ),
    Hazard(
        name="replicas-otherwise",
        why="it decides where else every record is copied to, and whether writes wait for the copy",
        where=r"Properties\.(Replicas\.[^.]+|MultiRegionConsistency|GlobalTableWitnesses(\..+)?)",
        types=TABLES,
        remedy="leave a replica in each region of the app, copied to after the write",
    ),
    Hazard(
        name="archived",
        why="what is archived is read late and for money, or not before somebody restores it, "
        "while reconciling, reprocessing and a takeover read it at once",
        where=anywhere(
            *("LifecycleConfiguration", "IntelligentTieringConfigurations", "TableClass"),
            "TransitionDefaultMinimumObjectSize",
        ),
        types=STORES,
        only=conditions.mentions("Transition", "Tier", "TableClass"),
        remedy="leave it in the standard class; move single objects by their keys",
    ),
    Hazard(
        name="expiry-added",
        why="data that the base keeps would be deleted for good because of its age",
        where=properties("LifecycleConfiguration", "TimeToLiveSpecification"),
        types=(*TABLES, BUCKET),
        only=_deletes_more,
        remedy="leave the expiry as it was; delete single items or objects by their keys",
    ),
    Hazard(
        name="kept-shorter",
        why="who looks for the cause of a failure, or for what failed, would find it deleted",
        where=properties("RetentionInDays", "MessageRetentionPeriod", "RetentionDays"),
        types=STORES,
        only=conditions.shrinks,
        remedy="leave it: a weekend and a holiday must fit in",
    ),
    Hazard(
        name="locked",
        why="what is locked nobody can delete before its day, not even a file put by mistake",
        where=anywhere("ObjectLockEnabled", "ObjectLockConfiguration", "LegalHold"),
        remedy="leave it as it was; versions are kept in any case",
    ),
    Hazard(
        name="capacity-changed",
        why="above the cap, writes and reads are refused: files wait, and dead letters follow",
        where=anywhere(*CAPACITY),
        types=TABLES,
        remedy="leave the table on demand and without a cap",
    ),
    Hazard(
        name="index-changed",
        why="DynamoDB changes no index: a deployment that deletes and makes it in one update fails "
        "half-way, and until it is filled again, lists by status lack what it does not hold",
        where=properties(*INDEXES),
        types=TABLES,
        remedy="add an index of another name, let the readers use it, then delete the old one: one "
        "deployment each",
    ),
    Hazard(
        name="stream-changed",
        why="the consumer needs each item before and after, and another stream begins empty",
        where=anywhere(*STREAMS),
        types=TABLES,
        remedy="leave it at NEW_AND_OLD_IMAGES",
    ),
    Hazard(
        name="encryption-changed",
        why="who may use the old key can't read what the new one encrypts, and without the old one "
        "nobody can read what is there",
        where=anywhere(
            *("SSESpecification", "BucketEncryption", "KmsMasterKeyId", "KmsKeyId", "KmsKeyArn"),
            *("SqsManagedSseEnabled", "KmsKeyIdentifier", "KMSMasterKeyID", "TargetKeyId"),
            *("EncryptionKey", "KmsDataKeyReusePeriodSeconds", "EncryptionConfiguration"),
        ),
        remedy="leave the key; KMS rotates what is in it",
    ),
)
