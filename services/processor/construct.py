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
# One whole vCPU: parsing and signing need it, and a large file is limited by time.
MEMORY_MB = 1769
ASYNC_RETRIES = 2


class Processor(Construct):
    """Turns a file in the ingestion bucket into items; events that keep failing go to ``dlq``.

    From there ``ops redrive`` moves those that will never succeed to ``quarantine``.

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
        service = ServiceFunction(
            self,
            "Service",
            target=target,
            function_name=naming.PROCESSOR,
            role_name=naming.processor_role(target.region),
            runtime_dir=RUNTIME_DIR,
            environment={
                "TABLE_NAME": naming.TABLE,
                "REJECTED_ROWS_KEPT_DAYS": rejected_rows_kept_days,
                "STATUS_INDEX": status_index,
            },
            timeout=TIMEOUT,
            memory_mb=MEMORY_MB,
            dead_letter_queue=self.dlq,
            async_retries=ASYNC_RETRIES,
        )
        files = f"{target.ingestion_bucket_arn}/*"
        service.allow(["s3:GetObject", "s3:GetObjectVersion"], [files])
        service.allow(
            ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:GetItem"], [target.table_arn]
        )
        service.allow(["sqs:SendMessage"], [self.dlq.queue_arn])
        self.function: lambda_.Function = service.function
