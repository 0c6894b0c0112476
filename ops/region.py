"""One deployed region: the outputs of its stack, and clients of its services."""

import threading
from collections.abc import Mapping
from typing import Any, Self

from botocore.config import Config

import naming
from ops.connection import PROMPT
from ops.errors import UndeterminedError
from services.processor.runtime.keys import StatusIndex

# An invocation is answered when the function ends, after five minutes at most, and made once.
_INVOKING = Config(read_timeout=310, retries={"total_max_attempts": 1})
_CONFIGS = {"lambda": PROMPT.merge(_INVOKING)}


class MissingOutputError(UndeterminedError, KeyError):
    """The region's stack has no such output; the message names it."""

    def __str__(self) -> str:
        return str(self.args[0])


class Region:
    """A region of the product, accessed with one session's credentials.

    ``outputs`` are those of the region's stack, or only the ones that the caller needs; a property
    without its output raises ``MissingOutputError``, a ``KeyError``. Clients are made on first use
    and shared by threads.
    """

    def __init__(self, session: Any, name: str, outputs: Mapping[str, str]) -> None:
        self.name = name
        self._session = session
        self._outputs = _Outputs(outputs, name)
        self._clients: dict[tuple[str, bool], Any] = {}
        self._making = threading.Lock()

    @classmethod
    def find(cls, session: Any, name: str) -> Self:
        """Read the outputs of the region's stack, which needs ``cloudformation:DescribeStacks``."""
        cloudformation = session.client("cloudformation", region_name=name)
        [stack] = cloudformation.describe_stacks(StackName=naming.stack(name))["Stacks"]
        outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())}
        return cls(session, name, outputs)

    def client(self, service: str, *, invokes: bool = True) -> Any:
        """Return the boto3 client of a service in this region.

        It gives up on a region that hangs within about a minute. Only Lambda's waits until a
        function must have ended, unless it ``invokes`` none.
        """
        key = service, invokes
        config = _CONFIGS.get(service, PROMPT) if invokes else PROMPT
        with self._making:  # clients may be shared between threads, sessions may not
            if key not in self._clients:
                self._clients[key] = self._session.client(
                    service, region_name=self.name, config=config
                )
            return self._clients[key]

    def output(self, key: str) -> str:
        """Return an output of the region's stack; one that it lacks raises a ``KeyError``."""
        return self._outputs[key]

    def with_table(self, name: str) -> Self:
        """Return this region with another table."""
        return type(self)(self._session, self.name, {**self._outputs, "TableName": name})

    @property
    def bucket(self) -> str:
        """Return the name of the bucket that producers put files in."""
        return self._outputs["IngestionBucketName"]

    @property
    def table(self) -> str:
        """Return the name of the table, which is the same in both regions."""
        return self._outputs["TableName"]

    @property
    def status_index(self) -> StatusIndex:
        """Return what the table's status index has; a stack from before the choice has it all."""
        return StatusIndex(self._outputs.get("StatusIndex", StatusIndex.ALL))

    @property
    def rejected_kept_days(self) -> int:
        """Return how long rejected rows are kept; 0 is always, as in stacks that do not say it."""
        return int(self._outputs.get("RejectedRowsKeptDays", "0"))

    @property
    def bus(self) -> str:
        """Return the name of the bus on which events are published."""
        return self._outputs["EventBusName"]

    @property
    def processor(self) -> str:
        """Return the name of the function that turns files into records."""
        return self._outputs["ProcessorName"]

    @property
    def dead_letters_url(self) -> str:
        """Return the URL of the queue that holds the processor's dead letters."""
        return self._outputs["ProcessorDlqUrl"]

    @property
    def quarantine_url(self) -> str:
        """Return the URL of the queue that holds what was redriven and cannot succeed."""
        return self._outputs["QuarantineUrl"]

    @property
    def stream_consumer(self) -> str:
        """Return the name of the function that announces changes."""
        return self._outputs["StreamConsumerName"]

    @property
    def stream_failures_url(self) -> str:
        """Return the URL of the queue that names the changes that were not announced."""
        return self._outputs["StreamConsumerFailuresUrl"]

    @property
    def large_files_arn(self) -> str:
        """Return the ARN of the state machine that stores large files."""
        return self._outputs["LargeFilesArn"]

    @property
    def canary_events_url(self) -> str:
        """Return the URL of the queue that receives the events of canary records."""
        return self._outputs["CanaryEventsUrl"]

    @property
    def takeover_mapping_id(self) -> str:
        """Return the UUID of the mapping with which the region announces its peer's changes."""
        return self._outputs["TakeoverMappingId"]

    @property
    def access_point_arn(self) -> str:
        """Return the ARN of the access point in front of both buckets; the standby's stack has it.

        Raises ``KeyError`` for the primary.
        """
        return self._outputs["AccessPointArn"]


class _Outputs(dict[str, str]):
    def __init__(self, outputs: Mapping[str, str], region: str) -> None:
        super().__init__(outputs)
        self._region = region

    def __missing__(self, key: str) -> str:
        raise MissingOutputError(
            f"the stack in {self._region} has no output {key}; deploy the current version"
        )
