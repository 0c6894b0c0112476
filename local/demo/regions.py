from typing import Any

from local.clients import Clients

Client = Any  # of boto3, which ships no types


class Region:
    """One region of the product, found through the outputs of its stack."""

    def __init__(self, clients: Clients, name: str) -> None:
        outputs = clients.outputs(name)
        session = clients.session(name)
        self.name = name
        self.bucket = outputs["IngestionBucketName"]
        self.bus = outputs["EventBusName"]
        self.s3: Client = session.client("s3")
        self.sqs: Client = session.client("sqs")
        self.events: Client = session.client("events")
        self.dynamodb: Client = session.resource("dynamodb")
        self.table: Client = self.dynamodb.Table(outputs["TableName"])
        queue = self.sqs.get_queue_url(QueueName=outputs["ProcessorDlqName"])
        self.dead_letters: str = queue["QueueUrl"]
