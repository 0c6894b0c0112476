"""CodePipeline's CloudFormation actions, each with the role that it names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from local.rehearsal.action import Context
from local.rehearsal.errors import ActionError, RehearsalError
from local.rehearsal.strict_documents import refuse_unknown
from ops.waiting import WaitError, wait_for

CONFIGURATION_KEYS = {
    *("ActionMode", "StackName", "ChangeSetName", "TemplatePath", "Capabilities", "RoleArn"),
}
NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
SUCCEEDED = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
LIMIT_S = 3600.0  # the timeout of such an action on AWS
Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudFormation:
    """The worker of change sets; ``deployed`` is called with the region of each one applied."""

    deployed: Callable[[str], None]

    def run(self, context: Context) -> Mapping[str, str]:
        """Return the stack's outputs after a deployment; raise ``ActionError`` if it fails."""
        configuration = context.configuration
        refuse_unknown(configuration, CONFIGURATION_KEYS, context.action.name)
        stack = _Stack(_client(context), configuration["StackName"])
        match configuration["ActionMode"]:
            case "CHANGE_SET_REPLACE":
                stack.replace_change_set(configuration, _template_url(context))
                return {}
            case "CHANGE_SET_EXECUTE":
                stack.execute_change_set(configuration["ChangeSetName"])
                self.deployed(context.action.region)
                return stack.outputs()
            case mode:
                raise RehearsalError(f"{context.action.name}: can't rehearse {mode}")


def _client(context: Context) -> Any:  # boto3 has no types
    role = context.pipeline_role.assume(context.action.role_arn)
    return role.client("cloudformation", context.action.region)


def _template_url(context: Context) -> str:
    """Copy the template from its artifact to where CloudFormation can read it."""
    name, _, path = context.configuration["TemplatePath"].partition("::")
    region, folder = context.action.region, context.folder / name
    context.artifacts.open(name, folder, by=context.pipeline_role, region=region)
    if not (folder / path).is_file():
        raise ActionError(f"artifact {name} has no {path}")
    return context.artifacts.publish(name, folder / path, region=region)


@dataclass(frozen=True, slots=True)
class _Stack:
    client: Any
    name: str

    def replace_change_set(self, configuration: Mapping[str, str], template_url: str) -> None:
        """Create the change set; one without changes counts as created."""
        name = configuration["ChangeSetName"]
        exists = self._status() not in ("", "REVIEW_IN_PROGRESS")
        if exists:
            self.client.delete_change_set(StackName=self.name, ChangeSetName=name)
        self._call(
            self.client.create_change_set,
            StackName=self.name,
            ChangeSetName=name,
            ChangeSetType="UPDATE" if exists else "CREATE",
            TemplateURL=template_url,
            Capabilities=configuration.get("Capabilities", "").split(","),
            RoleARN=configuration["RoleArn"],
        )
        found = self._change_set(name)
        if found["Status"] != "CREATE_COMPLETE" and not _is_empty(found):
            raise ActionError(f"change set: {found.get('StatusReason')}")

    def execute_change_set(self, name: str) -> None:
        """Apply the change set and wait; raise ``ActionError`` unless it succeeds."""
        if _is_empty(self._change_set(name)):
            return
        self._call(self.client.execute_change_set, StackName=self.name, ChangeSetName=name)
        status = self._wait_for("deployment", lambda: _ended(self._status()))
        if status not in SUCCEEDED:
            raise ActionError(f"{self.name} is {status}", tail="\n".join(self._failures()))

    def outputs(self) -> dict[str, str]:
        [stack] = self.client.describe_stacks(StackName=self.name)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}

    def _change_set(self, name: str) -> dict[str, Any]:
        def created() -> dict[str, Any]:
            found: dict[str, Any] = self._call(
                self.client.describe_change_set, StackName=self.name, ChangeSetName=name
            )
            return {} if found["Status"].endswith(("_PENDING", "_IN_PROGRESS")) else found

        return self._wait_for("change set", created)

    def _status(self) -> str:
        try:
            [stack] = self.client.describe_stacks(StackName=self.name)["Stacks"]
        except ClientError as error:
            if "does not exist" in str(error):
                return ""
            raise ActionError(str(error)) from error
        return str(stack["StackStatus"])

    def _failures(self) -> list[str]:
        events = self.client.describe_stack_events(StackName=self.name)["StackEvents"]
        return [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
            for event in reversed(events)
            if event["ResourceStatus"].endswith("_FAILED")
        ]

    def _call(self, call: Callable[..., Any], **arguments: object) -> Any:
        try:
            return call(**arguments)
        except ClientError as error:
            raise ActionError(str(error)) from error

    def _wait_for(self, what: str, look: Callable[[], Found]) -> Found:
        try:
            return wait_for(look, f"the {what} of {self.name}", limit_s=LIMIT_S)
        except WaitError as error:
            raise ActionError(str(error)) from error


def _is_empty(change_set: Mapping[str, Any]) -> bool:
    reason = change_set.get("StatusReason") or ""
    return change_set["Status"] == "FAILED" and any(text in reason for text in NO_CHANGES)


def _ended(status: str) -> str:
    return "" if status.endswith("_IN_PROGRESS") else status
