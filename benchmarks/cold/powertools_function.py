"""The peer of the cold start: a handler as the guides of boto3 and Powertools show it."""

import json
import os
from decimal import Decimal
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger(service="ingestion")
metrics = Metrics(namespace="ingestion", service="ingestion")
s3 = boto3.client("s3")
table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


@logger.inject_lambda_context
@metrics.log_metrics
def lambda_handler(event: dict[str, Any], _context: object) -> None:
    for record in event["Records"]:
        bucket, key = record["s3"]["bucket"]["name"], record["s3"]["object"]["key"]
        logger.info("file started", extra={"key": key})
        for line in s3.get_object(Bucket=bucket, Key=key)["Body"].iter_lines():
            order = json.loads(line, parse_float=Decimal)
            table.put_item(
                Item={"recordId": f"orders:{order['id']}", **order},
                ConditionExpression="attribute_not_exists(recordId)",
            )
            metrics.add_metric(name="RowsAccepted", unit=MetricUnit.Count, value=1)
