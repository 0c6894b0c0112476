"""A manual approval: its topic is told, then somebody decides."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from botocore.exceptions import ClientError

from local.rehearsal.action import Context
from local.rehearsal.documents import refuse_unknown
from local.rehearsal.errors import ActionError, RehearsalError, WaitingError

CONFIGURATION_KEYS = {"NotificationArn", "CustomData", "ExternalEntityLink"}

# Nothing is no decision: nobody has answered yet.
Decide: TypeAlias = Callable[[Mapping[str, str]], bool | None]


@dataclass(frozen=True, slots=True)
class Approval:
    """``decide`` is given what the approver is shown."""

    decide: Decide

    def run(self, context: Context) -> Mapping[str, str]:
        configuration = context.configuration
        refuse_unknown(configuration, CONFIGURATION_KEYS, context.action.name)
        shown = {
            "action": context.action.name,
            "revision": context.revision,
            "question": configuration.get("CustomData", ""),
            "evidence": configuration.get("ExternalEntityLink", ""),
        }
        if topic := configuration.get("NotificationArn"):
            _notify(context, topic, shown)
        decision = self.decide(shown)
        if decision is None:
            raise WaitingError("nobody has answered")
        if not decision:
            raise ActionError("rejected")
        return {}


def _notify(context: Context, topic: str, shown: Mapping[str, str]) -> None:
    """Publish with the pipeline's role: an approval that nobody hears of is a failure."""
    sns = context.pipeline_role.client("sns", context.action.region)
    message = json.dumps({"region": context.action.region, "approval": dict(shown)})
    try:
        sns.publish(TopicArn=topic, Subject=f"APPROVAL NEEDED: {shown['action']}", Message=message)
    except ClientError as error:
        raise ActionError(f"nobody can be asked: {error}") from error


def on_terminal(shown: Mapping[str, str]) -> bool:
    """Ask the person who started this; without one, say how to decide."""
    if not sys.stdin.isatty():
        raise RehearsalError("nobody is there to ask: give --approve or --reject")
    print(
        f"\n{shown['question']}\n  commit    {shown['revision']}\n  evidence  {shown['evidence']}"
    )
    return input("approve? [y/N] ").strip().lower() in ("y", "yes")
