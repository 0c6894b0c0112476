from collections.abc import Sequence
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

import naming
from services.deployment_target import Target
from services.service_function import FailureQueue, ServiceFunction

RUNTIME_DIR = Path(__file__).parent / "runtime"
TIMEOUT = Duration.minutes(5)
WORKER_TIMEOUT = Duration.minutes(15)
# One whole vCPU: parsing and signing need it, and a large file is limited by time.
MEMORY_MB = 1769
ASYNC_RETRIES = 2


class Processor(Construct):
    """Turns a file in the ingestion bucket into items; events that keep failing go to ``dlq``.

    ``worker`` is the same code with another handler, which stores large files step by step.
    From the queue ``ops redrive`` moves those that will never succeed to ``quarantine``.

    Rejected rows get an expiry unless ``rejected_rows_kept_days`` is 0. Accepted rows are in the
    status index if ``status_index`` is ``all``, and not if it is ``exceptions``.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        target: Target,
        rejected_rows_kept_days: str,
        status_index: str,
    ) -> None:
        super().__init__(scope, id_)
        self.dlq: sqs.Queue = FailureQueue(
            self, "DeadLetters", queue_name=naming.PROCESSOR_DLQ
        ).queue
        self.quarantine: sqs.Queue = FailureQueue(
            self, "Quarantine", queue_name=naming.QUARANTINE
        ).queue
        self._target = target
        self._environment = {
            "TABLE_NAME": naming.TABLE,
            "REJECTED_ROWS_KEPT_DAYS": rejected_rows_kept_days,
            "STATUS_INDEX": status_index,
            # What the worker stores counts as processed, in the same metrics.
            "POWERTOOLS_SERVICE_NAME": naming.PROCESSOR,
        }
        self.function: lambda_.Function = self._made(
            "Service",
            naming.PROCESSOR,
            naming.processor_role(target.region),
            reads=("s3:GetObject", "s3:GetObjectVersion"),
            timeout=TIMEOUT,
            async_retries=ASYNC_RETRIES,
        )
        self.worker: lambda_.Function = self._made(
            "Worker",
            naming.LARGE_FILE_WORKER,
            naming.large_file_worker_role(target.region),
            reads=("s3:GetObjectVersion",),  # an entry always names the version
            timeout=WORKER_TIMEOUT,
            main="large_file_main",
        )

    def _made(
        self,
        id_: str,
        name: str,
        role_name: str,
        *,
        reads: Sequence[str],
        timeout: Duration,
        main: str = "main",
        async_retries: int | None = None,
    ) -> lambda_.Function:
        service = ServiceFunction(
            self,
            id_,
            target=self._target,
            function_name=name,
            role_name=role_name,
            runtime_dir=RUNTIME_DIR,
            main=main,
            environment=self._environment,
            timeout=timeout,
            memory_mb=MEMORY_MB,
            dead_letter_queue=self.dlq,
            async_retries=async_retries,
        )
        files = f"{self._target.ingestion_bucket_arn}/*"
        service.allow(reads, [files])
        service.allow(
            ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:GetItem"],
            [self._target.table_arn],
        )
        service.allow(["sqs:SendMessage"], [self.dlq.queue_arn])
        return service.function
