import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ops.region import Region
from tests.e2e.roles import DeniedError, Role

LOG_WRITES = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
STREAM_READS = (
    *("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
    "dynamodb:ListStreams",
)


class Function:
    """A deployed function with its deployed role."""

    def __init__(self, region: Region, name: str) -> None:
        self._lambda = region.client("lambda")
        self._configuration = self._lambda.get_function_configuration(FunctionName=name)
        self.name = name
        self.role = Role(region.client("iam"), self._configuration["Role"])

    def invoke(self, event: Mapping[str, object]) -> Any:  # noqa: ANN401  # JSON
        """Return its answer; raise its exception as ``DeniedError``."""
        arn = self._configuration["FunctionArn"]
        answer = self._lambda.invoke(FunctionName=arn, Payload=json.dumps(event))
        result = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise DeniedError(result["errorMessage"])
        return result

    @contextmanager
    def having(self, **variables: str) -> Iterator[None]:
        """Give it variables besides its own, for as long as the context lasts."""
        own = self._configuration["Environment"]["Variables"]
        self._set({**own, **variables})
        try:
            yield
        finally:
            self._set(own)

    def copied(self, name: str, code: bytes) -> None:
        """Invoke a function with its role and other code, which is removed afterwards."""
        self._lambda.create_function(
            FunctionName=name,
            Runtime=self._configuration["Runtime"],
            Role=self._configuration["Role"],
            Handler="index.handler",
            Code={"ZipFile": code},
        )
        try:
            answer = self._lambda.invoke(FunctionName=name, Payload=b"{}")
            assert "FunctionError" not in answer, answer["Payload"].read()
        finally:
            self._lambda.delete_function(FunctionName=name)

    def said_when_invoked(self, event: Mapping[str, object] | None = None) -> str:
        """Invoke it, with an empty event or ``event``; return the end of its log and its answer."""
        arn = self._configuration["FunctionArn"]
        answer = self._lambda.invoke(
            FunctionName=arn, Payload=json.dumps(event or {}), LogType="Tail"
        )
        said = base64.b64decode(answer["LogResult"]).decode()
        return f"{said}{answer['Payload'].read().decode()}"

    @property
    def stream(self) -> Mapping[str, Any]:
        """Return the mapping of the stream that feeds the function; empty without one."""
        arn = self._configuration["FunctionArn"]
        found = self._lambda.list_event_source_mappings(FunctionName=arn)["EventSourceMappings"]
        return found[0] if found else {}

    def calls_of_lambda(self) -> dict[str, str]:
        """Return what Lambda itself calls with the role: by action, the configured resource."""
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
        """Raise ``DeniedError`` unless Lambda may make its own call ``action``."""
        resource = self.calls_of_lambda()[action]
        if not self.role.may(action, resource):
            raise DeniedError(f"Lambda may not {action} on {resource}")

    def _set(self, variables: Mapping[str, str]) -> None:
        self._lambda.update_function_configuration(
            FunctionName=self.name, Environment={"Variables": variables}
        )
