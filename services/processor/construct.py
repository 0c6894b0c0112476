from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from services.service_function import FailureQueue, ServiceFunction

RUNTIME_DIR = Path(__file__).parent / "runtime"
TIMEOUT = Duration.minutes(5)
# One whole vCPU: parsing and signing are its work, and time is what a large file runs out of.
MEMORY_MB = 1769
ASYNC_RETRIES = 2


class Processor(Construct):
    """Turns a file of the bucket into items of the table; a hopeless event ends in ``dlq``."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        function_name: str,
        role_name: str,
        dlq_name: str,
        metrics_namespace: str,
        bundle_platform: str,
        bucket_arn: str,
        table_name: str,
        table_arn: str,
        region: str,
    ) -> None:
        super().__init__(scope, id_)
        self.dlq: sqs.Queue = FailureQueue(self, "DeadLetters", queue_name=dlq_name).queue
        service = ServiceFunction(
            self,
            "Service",
            function_name=function_name,
            role_name=role_name,
            runtime_dir=RUNTIME_DIR,
            bundle_platform=bundle_platform,
            environment={
                "TABLE_NAME": table_name,
                "REGION": region,
                "POWERTOOLS_METRICS_NAMESPACE": metrics_namespace,
            },
            timeout=TIMEOUT,
            memory_mb=MEMORY_MB,
            dead_letter_queue=self.dlq,
            async_retries=ASYNC_RETRIES,
        )
        service.allow(["s3:GetObject", "s3:GetObjectVersion"], [f"{bucket_arn}/*"])
        service.allow(["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:GetItem"], [table_arn])
        service.allow(["sqs:SendMessage"], [self.dlq.queue_arn])
        self.function: lambda_.Function = service.function
