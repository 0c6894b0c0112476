"""What is stored: how long it is kept, what can be had back, and how much can be written."""

import re

from policies.changes import class_conditions as conditions
from policies.changes.change_class import Files, Hazard, anywhere, properties
from policies.changes.differences import Difference
from policies.changes.resource_spec import ALSO_STATEFUL
from policies.templates.template import as_list, as_text

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
# By these, a bus, a state machine and a table show what goes through them.
CONTENTS = ("IncludeDetail", "IncludeExecutionData", "ContributorInsightsSpecification")
SHOWN = re.compile(r'"(Include\w+|Enabled)": (?!"?(false|none|null)\b)', re.IGNORECASE)
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


def _shows_contents(difference: Difference, _files: Files) -> bool:
    return bool(SHOWN.search(as_text({difference.where[-1]: difference.after})))


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
        why="this decides whether anybody outside can get in, and in the base nobody can",
        where=properties(
            *("PublicAccessBlockConfiguration", "AccessControl", "OwnershipControls", "AuthType"),
            *("SecurityGroupIngress", "SecurityGroupEgress", "PublicAccess", "Cors"),
            *("CorsConfiguration", "WebsiteConfiguration", "FunctionUrlAuthType"),
        ),
        remedy="leave it closed",
    ),
    Hazard(
        name="network-opened",
        why="it can let more reach the network, or the function behind it, than the base does",
        where="|Properties.*",
        types=(URL, GROUP, f"{GROUP}Ingress", f"{GROUP}Egress"),
        only=conditions.stays,
        remedy="leave it closed",
    ),
    Hazard(
        name="recovery-shortened",
        why="a mistake can be undone only as far back as this reaches",
        where=anywhere("PointInTimeRecoverySpecification", "VersioningConfiguration"),
        remedy="keep the longest: 35 days and every version, on every replica",
    ),
    Hazard(
        name="protection-lifted",
        why="without it, one call or one update can delete this and everything that it holds",
        where=rf"{anywhere('DeletionProtectionEnabled')}"
        "|DeletionPolicy|UpdateReplacePolicy|TerminationProtection",
        only=conditions.is_not_kept,
        remedy="leave it on; whoever means to delete it lifts the protection by hand just before",
    ),
    Hazard(
        name="replica-removed",
        why="a region without a replica can't take over, and its functions find no table",
        where=r"Properties\.Replicas\.[^.]+",
        types=TABLES,
        only=conditions.goes,
        remedy="leave it, or retire the region and its stack first",
    ),
    Hazard(
        name="replicas-otherwise",
        why="this decides which regions hold every record, and whether a write waits for the "
        "others",
        where=r"Properties\.(Replicas\.[^.]+|MultiRegionConsistency|GlobalTableWitnesses(\..+)?)",
        types=TABLES,
        remedy="keep one replica in each region of the app, and the default consistency",
    ),
    Hazard(
        name="archived",
        why="archived data costs more to read, and some must be restored first, while "
        "reconciling, reprocessing and a takeover read it at once",
        where=anywhere(
            *("LifecycleConfiguration", "IntelligentTieringConfigurations", "TableClass"),
            "TransitionDefaultMinimumObjectSize",
        ),
        types=STORES,
        only=conditions.mentions("Transition", "Tier", "TableClass"),
        remedy="keep it in the standard class; move single objects by their keys",
    ),
    Hazard(
        name="expiry-added",
        why="data that the base keeps would be deleted for good once it is old enough",
        where=properties("LifecycleConfiguration", "TimeToLiveSpecification"),
        types=(*TABLES, BUCKET),
        only=_deletes_more,
        remedy="leave the expiry as it was; delete single items or objects by their keys",
    ),
    Hazard(
        name="kept-shorter",
        why="whoever looks into a failure may find the logs or messages already deleted",
        where=properties("RetentionInDays", "MessageRetentionPeriod", "RetentionDays"),
        types=STORES,
        only=conditions.shrinks,
        remedy="leave it as it was; a weekend and a holiday must fit in",
    ),
    Hazard(
        name="locked",
        why="nobody can delete a locked object before its day, not even one uploaded by mistake",
        where=anywhere("ObjectLockEnabled", "ObjectLockConfiguration", "LegalHold"),
        remedy="leave it as it was; every version is kept anyway",
    ),
    Hazard(
        name="capacity-changed",
        why="above a table's capacity, reads and writes are refused, and files end as dead letters",
        where=anywhere(*CAPACITY),
        types=TABLES,
        remedy="leave the table on demand, without a cap",
    ),
    Hazard(
        name="index-changed",
        why="DynamoDB can't change an index in place: replacing it in one deployment fails "
        "half-way, and until a new one is filled, lists by status are incomplete",
        where=properties(*INDEXES),
        types=TABLES,
        remedy="add an index under another name, move the readers to it, then delete the old one: "
        "one deployment each",
    ),
    Hazard(
        name="contents-logged",
        why="whoever may read logs or metrics would see what is in events, files or keys",
        where=anywhere(*CONTENTS, "LogConfig", "LogConfiguration", "LoggingConfiguration"),
        only=_shows_contents,
        remedy="leave it off: ids and outcomes are logged, contents are not",
    ),
    Hazard(
        name="stream-changed",
        why="the consumer needs each item as it was and as it is, and a new stream begins empty",
        where=anywhere(*STREAMS),
        types=TABLES,
        remedy="leave it at NEW_AND_OLD_IMAGES",
    ),
    Hazard(
        name="encryption-changed",
        why="whoever may use one key may lack the right to another, and without its key nobody "
        "can read what is there",
        where=anywhere(
            *("SSESpecification", "BucketEncryption", "KmsMasterKeyId", "KmsKeyId", "KmsKeyArn"),
            *("SqsManagedSseEnabled", "KmsKeyIdentifier", "KMSMasterKeyID", "TargetKeyId"),
            *("EncryptionKey", "KmsDataKeyReusePeriodSeconds", "EncryptionConfiguration"),
        ),
        remedy="leave the key as it is; KMS rotates its material by itself",
    ),
)
