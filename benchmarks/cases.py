"""The cases: the product, the peers beside it, and for which files each is meant."""

from collections.abc import Sequence
from dataclasses import dataclass

FORMS = ("ndjson", "json", "csv")


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A program in ``peers/`` that writes the items of a file; ``note`` says how it does so.

    A slow one gets one row of ``one_in`` only, so that its turn takes as long as the others'.
    """

    name: str
    title: str
    note: str
    forms: Sequence[str] = FORMS
    runs_on_node: bool = False
    one_in: int = 1


PRODUCT = "product"
CASES = (
    Case(
        name=PRODUCT,
        title="this product",
        note="the function's own code: a conditional PutItem for each row, ledger, telemetry",
    ),
    Case(
        name="boto3_put_item",
        one_in=20,
        title="boto3 put_item",
        note="Table.put_item with the product's condition, one request after the other",
    ),
    Case(
        name="boto3_batch_writer",
        one_in=5,
        title="boto3 batch_writer",
        note="Table.batch_writer: BatchWriteItem of 25, without conditions",
    ),
    Case(
        name="awswrangler_put_csv",
        one_in=5,
        title="awswrangler put_csv",
        note="dynamodb.put_csv with its own threads",
        forms=("csv",),
    ),
    Case(
        name="pydynox_put_item",
        one_in=5,
        title="pydynox put_item",
        note="asynchronous, 100 in the air, with the product's condition",
    ),
    Case(
        name="pydynox_batch_write",
        title="pydynox batch_write",
        note="asynchronous, 10 BatchWriteItem of 25 in the air, without conditions",
    ),
    Case(
        name="aiodynamo_put_item",
        one_in=10,
        title="aiodynamo put_item",
        note="on aiohttp, 100 in the air, with the product's condition",
        forms=("ndjson",),
    ),
    Case(
        name="node_put",
        one_in=5,
        title="Node SDK PutCommand",
        note="document client, 100 in the air, with the product's condition",
        runs_on_node=True,
    ),
    Case(
        name="node_batch_write",
        title="Node SDK BatchWriteCommand",
        note="document client, 10 BatchWriteItem of 25 in the air, without conditions",
        runs_on_node=True,
    ),
)
# The part before a case's own work is done before the clock starts.
REFERENCE = Case(
    name="encoded_before",
    title="the same requests, encoded before",
    note="the product's own client signs and sends them: what is left is transport",
)
CONSUMER = Case(
    name="consumer",
    title="this product's stream consumer",
    note="the function's own code with batches of 100 changes",
)
CONSUMERS = (
    CONSUMER,
    Case(
        name="boto3_put_events",
        title="boto3 put_events",
        note="the same events made plainly, ten a call, one call after the other",
        one_in=5,
    ),
)
RESUME = Case(name="resume", title="this product, resuming", note="from a checkpoint")
BY_NAME = {case.name: case for case in (*CASES, REFERENCE, *CONSUMERS, RESUME)}
