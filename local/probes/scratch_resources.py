"""Throw-away resources for the probes, deleted when a probe ends."""

import io
import json
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from local.aws_isolation import ACCOUNT
from local.clients import Clients
from naming import PRIMARY
from ops.connection import assumed_credentials

LIMIT_S = 15.0
# Whatever has not arrived by then counts as absent.
ABSENCE_S = 3
FAILING = "def handler(event, context):\n    raise ValueError('probe')\n"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


class Sandbox:
    """Creates resources, all called ``name``, that are deleted when the ``with`` block ends."""

    def __init__(self, clients: Clients, undo: ExitStack) -> None:
        self._clients = clients
        self._undo = undo
        self.name = f"probe-{uuid.uuid4().hex[:8]}"

    def client(self, service: str, region: str = PRIMARY) -> Any:
        return self._clients.client(service, region)

    def stack(self, resources: dict[str, Any], region: str = PRIMARY, role: str = "") -> None:
        """Deploy ``resources`` as a stack, with ``role`` if it is given one."""
        cloudformation = self.client("cloudformation", region)
        self._undo.callback(cloudformation.delete_stack, StackName=self.name)
        cloudformation.create_stack(
            StackName=self.name,
            TemplateBody=json.dumps({"Resources": resources}),
            Capabilities=["CAPABILITY_IAM"],
            **({"RoleARN": role} if role else {}),
        )
        cloudformation.get_waiter("stack_create_complete").wait(
            StackName=self.name, WaiterConfig={"Delay": 0.2, "MaxAttempts": 100}
        )

    def deploys(self, resources: dict[str, Any], role: str = "") -> bool:
        """Deploy ``resources`` as ``stack`` does; return whether CloudFormation could."""
        try:
            self.stack(resources, role=role)
        except (ClientError, WaiterError):
            return False
        return True

    def physical_id(self, logical_id: str, region: str = PRIMARY) -> str:
        found = self.client("cloudformation", region).describe_stack_resource(
            StackName=self.name, LogicalResourceId=logical_id
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def function(self, code: str, *, runtime: str = "python3.14", suffix: str = "") -> str:
        """Return the name of a new function without permissions; ``code`` defines ``handler``."""
        name = self.name + suffix
        functions = self.client("lambda")
        functions.create_function(
            FunctionName=name,
            Runtime=runtime,
            Role=self.role("lambda.amazonaws.com", suffix),
            Handler="index.handler",
            Code={"ZipFile": _zip(code)},
        )
        self._undo.callback(functions.delete_function, FunctionName=name)
        functions.get_waiter("function_active_v2").wait(
            FunctionName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 300}
        )
        return name

    def role(self, service: str, suffix: str = "") -> str:
        """Return the ARN of a new role without permissions, for ``service`` and this account."""
        iam, name = self.client("iam"), self.name + suffix
        trusted = {"Service": service, "AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        statement = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]
        self._undo.callback(iam.delete_role, RoleName=name)
        return str(role["Arn"])

    def caller(self, role: str, service: str) -> Any:
        """Return a client of ``service`` that calls with ``role``."""
        credentials = assumed_credentials(self.client("sts"), role, self.name)
        return self._clients.session(PRIMARY).client(service, **credentials)

    def allow(self, action: str, resource: str, condition: dict[str, Any] | None = None) -> None:
        """Let the role do ``action`` on ``resource``, under ``condition`` if there is one."""
        iam = self.client("iam")
        allowed: dict[str, Any] = {"Effect": "Allow", "Action": action, "Resource": resource}
        statement = allowed | ({"Condition": condition} if condition else {})
        document = {"Version": "2012-10-17", "Statement": [statement]}
        names = {"RoleName": self.name, "PolicyName": self.name}
        iam.put_role_policy(**names, PolicyDocument=json.dumps(document))
        self._undo.callback(iam.delete_role_policy, **names)

    def key(self) -> str:
        """Return the id of a new key, which has an alias."""
        kms = self.client("kms")
        key = str(kms.create_key()["KeyMetadata"]["KeyId"])
        self._undo.callback(kms.schedule_key_deletion, KeyId=key)
        alias = f"alias/{self.name}"
        kms.create_alias(AliasName=alias, TargetKeyId=key)
        self._undo.callback(kms.delete_alias, AliasName=alias)
        return key

    def bucket(self) -> str:
        """Return the name of a new bucket; the probe must empty it."""
        s3 = self.client("s3")
        s3.create_bucket(Bucket=self.name)
        self._undo.callback(s3.delete_bucket, Bucket=self.name)
        return self.name

    def queue(self) -> tuple[str, str]:
        """Return the URL and the ARN of a new queue."""
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName=self.name)["QueueUrl"]
        self._undo.callback(sqs.delete_queue, QueueUrl=url)
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, found["Attributes"]["QueueArn"]

    def message(self, url: str, wait_s: int = 5) -> str | None:
        """Return the body of a queue's first message, or ``None`` if none arrives in time."""
        received = self.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=wait_s)
        messages = received.get("Messages", [])
        return messages[0]["Body"] if messages else None

    def stream(self) -> str:
        """Return the stream ARN of a new table that has one item."""
        dynamodb = self.client("dynamodb")
        table = dynamodb.create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )
        self._undo.callback(dynamodb.delete_table, TableName=self.name)
        dynamodb.put_item(TableName=self.name, Item={"id": {"S": "1"}})
        return str(table["TableDescription"]["LatestStreamArn"])

    def mapping(self, function: str, stream: str, **settings: Any) -> str:
        functions = self.client("lambda")
        made = functions.create_event_source_mapping(
            FunctionName=function,
            EventSourceArn=stream,
            StartingPosition="TRIM_HORIZON",
            **settings,
        )
        self._undo.callback(functions.delete_event_source_mapping, UUID=made["UUID"])
        return str(made["UUID"])


@contextmanager
def sandbox(clients: Clients) -> Iterator[Sandbox]:
    """Yield a sandbox, and delete its resources afterwards."""
    with ExitStack() as undo:
        yield Sandbox(clients, undo)


def _zip(code: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.py", code)
    return archive.getvalue()
