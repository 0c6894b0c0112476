"""A batch of changes that the stream consumer gave up on, as Lambda's message describes it.

The message names a place in the stream, not the changes. Its shape is in Lambda's documentation of
destinations for failed DynamoDB batches.
"""

import json
from datetime import datetime
from typing import Annotated, NamedTuple

import msgspec

import naming
from ops.redriving.letters import Letter
from ops.region import Region

NO_BATCH = "NO_STREAM_BATCH"

# As long as the stream's operations take them.
_Number = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{21,40}\Z")]
_Shard = Annotated[str, msgspec.Meta(min_length=28, max_length=65)]
_Arn = Annotated[str, msgspec.Meta(min_length=37, max_length=1024)]
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class NoBatchError(Exception):
    """The message describes no batch of this table's stream; the message of the error says why."""


class FailedBatch(NamedTuple):
    """Where the changes are: from ``first`` to ``last`` in a shard, received ``since``…``until``.

    ``origin`` is the region whose changes they are, among all those in between. ``why`` is Lambda's
    word for why it gave up.
    """

    stream_arn: str
    shard: str
    first: str
    last: str
    since: datetime
    until: datetime
    origin: str
    why: str


class _Range(msgspec.Struct, rename="camel"):
    shard_id: _Shard
    start_sequence_number: _Number
    end_sequence_number: _Number
    approximate_arrival_of_first_record: _Moment
    approximate_arrival_of_last_record: _Moment
    stream_arn: _Arn


class _Context(msgspec.Struct, rename="camel"):
    condition: str = ""
    function_arn: str = ""


class _Message(msgspec.Struct):
    batch: _Range = msgspec.field(name="DDBStreamBatchInfo")
    context: _Context = msgspec.field(name="requestContext", default_factory=_Context)


def read(region: Region, letter: Letter) -> FailedBatch:
    """Return the batch that a letter describes.

    Raises:
        NoBatchError: it describes none, or one of another table.

    """
    try:
        message = msgspec.convert(json.loads(letter.body), _Message)
    except (ValueError, RecursionError) as error:
        raise NoBatchError(f"not a failed batch: {error}") from error
    found = message.batch
    if f":table/{region.table}/stream/" not in found.stream_arn:
        raise NoBatchError(f"not of the table {region.table}: {found.stream_arn}")
    # Changes of a lost region are announced by an alias of the function.
    is_taken_over = message.context.function_arn.endswith(f":{naming.TAKEOVER_ALIAS}")
    return FailedBatch(
        stream_arn=found.stream_arn,
        shard=found.shard_id,
        first=found.start_sequence_number,
        last=found.end_sequence_number,
        since=found.approximate_arrival_of_first_record,
        until=found.approximate_arrival_of_last_record,
        origin=naming.peer(region.name) if is_taken_over else region.name,
        why=message.context.condition,
    )
