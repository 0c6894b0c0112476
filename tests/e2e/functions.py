import json
from collections.abc import Mapping
from typing import Any

from local.cloud import Cloud
from tests.e2e.roles import RefusedError, Role

LOG_WRITES = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
STREAM_READS = (
    *("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
    "dynamodb:ListStreams",
)


class Function:
    """A deployed function with its deployed role."""

    def __init__(self, cloud: Cloud, region: str, name: str) -> None:
        self._lambda = cloud.client("lambda", region)
        self._configuration = self._lambda.get_function_configuration(FunctionName=name)
        self.role = Role(cloud.client("iam", region), self._configuration["Role"])

    def invoke(self, event: Mapping[str, object]) -> Any:  # noqa: ANN401  # JSON
        """Its answer; its exception is raised as ``RefusedError``."""
        arn = self._configuration["FunctionArn"]
        answer = self._lambda.invoke(FunctionName=arn, Payload=json.dumps(event))
        result = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise RefusedError(result["errorMessage"])
        return result

    @property
    def stream(self) -> Mapping[str, Any]:
        """What Lambda was told of the stream it reads for the function; empty without one."""
        arn = self._configuration["FunctionArn"]
        found = self._lambda.list_event_source_mappings(FunctionName=arn)["EventSourceMappings"]
        return found[0] if found else {}

    def calls_of_lambda(self) -> dict[str, str]:
        """What Lambda itself calls with the role: by action, the resource that it was told."""
        place, _, name = self._configuration["FunctionArn"].partition(":function:")
        group = place.replace(":lambda:", ":logs:") + f":log-group:/aws/lambda/{name}"
        calls = dict.fromkeys(LOG_WRITES, f"{group}:log-stream:any")
        if letters := self._configuration.get("DeadLetterConfig"):
            calls["sqs:SendMessage"] = letters["TargetArn"]
        if stream := self.stream:
            calls |= dict.fromkeys(STREAM_READS, stream["EventSourceArn"])
            calls["sqs:SendMessage"] = stream["DestinationConfig"]["OnFailure"]["Destination"]
        return calls

    def check(self, action: str) -> None:
        """Raise ``RefusedError`` unless Lambda may make its own call ``action``."""
        resource = self.calls_of_lambda()[action]
        if not self.role.may(action, resource):
            raise RefusedError(f"Lambda may not {action} on {resource}")
