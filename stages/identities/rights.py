"""What people may do with ``ops`` in one region; docs/security.md says which command needs what.

Whoever looks sees states, counts and names, and which files there are, but nothing of what is in
them: of the status index, only attributes that quote no file. Whoever operates reads files and
items as well, because to redrive, to compare and to announce again means reading them; of writing,
it is what moves traffic and gets stuck files through. Nobody erases: ``ops forget`` needs more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import naming
from services.canary.construct import FOLDER as CANARY_FOLDER
from services.deployment_target import Target
from stages.storage.access_point import PUT

Conditions: TypeAlias = dict[str, dict[str, str | list[str]]]

# Of an item in the status index, without error and failure, which quote the file.
NAMES = ("recordId", "timestamp", "status", "shard", "itemType", "dataset", "source")
# The operators' own notes: of what they did, and the marker that proves replication.
NOTES = ["audit:*", "replication-marker.*"]
# The id of a file's ledger entry; a record's id is longer, or has a dataset and a colon in front.
LEDGER_ENTRY, OF_A_DATASET = "f" + 31 * "?", "*:*"
# What a restored table is written with, by DynamoDB in the caller's name, and compared and removed.
RESTORED = (
    *("dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:DeleteItem"),
    *("dynamodb:GetItem", "dynamodb:PutItem"),
    *("dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem"),
    *("dynamodb:DeleteTable", "dynamodb:RestoreTableToPointInTime"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Right:
    """Actions on resources, as one statement of a policy."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Conditions = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """One region's resources, by their names: roles of one region may be for both."""

    target: Target

    def arn(self, service: str, rest: str) -> str:
        return f"arn:aws:{service}:{self.target.region}:{self.target.account}:{rest}"

    def queues(self, *names: str) -> tuple[str, ...]:
        return tuple(self.arn("sqs", name) for name in names)

    def functions(self, *names: str) -> tuple[str, ...]:
        return tuple(self.arn("lambda", f"function:{name}") for name in names)

    @property
    def mappings(self) -> tuple[str, ...]:
        """A mapping has no name; each right says of which function."""
        return (self.arn("lambda", "event-source-mapping:*"),)

    @property
    def table(self) -> str:
        return self.target.table_arn

    @property
    def scratch(self) -> str:
        return self.arn("dynamodb", f"table/{naming.SCRATCH_TABLE}")

    @property
    def index(self) -> str:
        return f"{self.table}/index/{naming.STATUS_INDEX}"


FAILED = (naming.PROCESSOR_DLQ, naming.STREAM_CONSUMER_FAILURES, naming.QUARANTINE)
TAKEOVER = f"{naming.STREAM_CONSUMER}:{naming.TAKEOVER_ALIAS}"


def looking(at: Place, access_points: str) -> Iterator[Right]:
    """Yield the rights that a reader and an operator have in common."""
    stack = at.arn("cloudformation", f"stack/{naming.stack(at.target.region)}/*")
    consumers = at.functions(naming.STREAM_CONSUMER, TAKEOVER)
    for actions, resources in (
        (("cloudformation:DescribeStacks",), (stack,)),
        (("cloudwatch:DescribeAlarms",), (at.arn("cloudwatch", "alarm:*"),)),
        (("dynamodb:DescribeContinuousBackups",), (at.table,)),
        (("dynamodb:DescribeTable",), (at.table, at.scratch)),
        (("s3:GetMultiRegionAccessPointRoutes",), (access_points,)),
        (("sqs:GetQueueAttributes",), at.queues(*FAILED)),
        (("states:ListExecutions",), (at.target.large_files_arn,)),
        # These take no resource.
        (("cloudwatch:GetMetricData", "lambda:ListEventSourceMappings"), ("*",)),
    ):
        yield Right(actions=actions, resources=resources)
    yield Right(
        actions=("lambda:GetEventSourceMapping",),
        resources=at.mappings,
        conditions={"ArnEquals": {"lambda:FunctionArn": list(consumers)}},
    )


def names_of_files(at: Place) -> Iterator[Right]:
    """Yield the right to list files by status, without a word of what is in them."""
    yield Right(
        actions=("dynamodb:Query",),
        resources=(at.index,),
        conditions={
            "ForAllValues:StringEquals": {"dynamodb:Attributes": list(NAMES)},
            "StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
        },
    )


def operating(at: Place, access_points: str) -> Iterator[Right]:
    """Yield what an operator has beyond looking."""
    yield from _data(at)
    yield from _traffic(at, access_points)
    yield from _stuck(at)
    yield Right(actions=("dynamodb:RestoreTableToPointInTime",), resources=(at.table,))
    yield Right(actions=RESTORED, resources=(at.scratch,))


def _data(at: Place) -> Iterator[Right]:
    bucket = at.target.ingestion_bucket_arn
    for actions, resources in (
        (("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Scan"), (at.table,)),
        (("dynamodb:Query",), (at.table, at.index)),
        (("s3:ListBucketVersions",), (bucket,)),
        (("s3:GetObject", "s3:GetObjectVersion"), (f"{bucket}/*",)),
    ):
        yield Right(actions=actions, resources=resources)


def _traffic(at: Place, access_points: str) -> Iterator[Right]:
    # The peer's as well: until new routes are in effect, S3 may still send a file there.
    canaries = (
        *(f"{arn}/{CANARY_FOLDER}/*" for arn in at.target.ingestion_bucket_arns),
        f"{access_points}/object/{CANARY_FOLDER}/*",
    )
    yield Right(actions=PUT[:1], resources=canaries)
    yield Right(actions=("s3:SubmitMultiRegionAccessPointRoutes",), resources=(access_points,))
    yield Right(
        actions=("lambda:UpdateEventSourceMapping",),
        resources=at.mappings,
        conditions={"ArnEquals": {"lambda:FunctionArn": list(at.functions(TAKEOVER))}},
    )
    yield _writing(at, "dynamodb:PutItem", {"ForAllValues:StringLike": NOTES})


def _stuck(at: Place) -> Iterator[Right]:
    canary_events = at.queues(naming.CANARY_EVENTS)
    stream = (f"{at.table}/stream/*",)
    for actions, resources in (
        (
            ("lambda:InvokeFunction",),
            at.functions(naming.PROCESSOR, naming.STREAM_CONSUMER),
        ),
        (("dynamodb:GetRecords", "dynamodb:GetShardIterator"), stream),
        (("sqs:DeleteMessage", "sqs:ReceiveMessage"), at.queues(*FAILED) + canary_events),
        (("sqs:ChangeMessageVisibility", "sqs:SendMessage"), at.queues(*FAILED)),
    ):
        yield Right(actions=actions, resources=resources)
    ids = {
        "ForAllValues:StringLike": [LEDGER_ENTRY],
        "ForAllValues:StringNotLike": [OF_A_DATASET],
    }
    yield _writing(at, "dynamodb:UpdateItem", ids)


def _writing(at: Place, action: str, ids: Mapping[str, list[str]]) -> Right:
    """Return the right to write the items whose ids fulfil all of these conditions."""
    return Right(
        actions=(action,),
        resources=(at.table,),
        conditions={how: {"dynamodb:LeadingKeys": forms} for how, forms in ids.items()},
    )
