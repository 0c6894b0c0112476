"""A manual approval: its topic is notified, then the approver decides on the linked evidence."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

from botocore.exceptions import ClientError

from local.clients import Clients
from local.rehearsal.action import Context
from local.rehearsal.errors import ActionError, RehearsalError, WaitingError
from local.rehearsal.strict_documents import refuse_unknown
from ops import progress

CONFIGURATION_KEYS = {"NotificationArn", "CustomData", "ExternalEntityLink"}

# ``None`` is no decision: the approval stays pending.
Decide: TypeAlias = Callable[[Mapping[str, str]], bool | None]


@dataclass(frozen=True, slots=True)
class Approval:
    """The worker of approvals; ``decide`` gets what the approver is shown, after ``tell``."""

    decide: Decide
    tell: Callable[[Mapping[str, str]], None]

    def run(self, context: Context) -> Mapping[str, str]:
        """Return no variables; raise ``ActionError`` if it is rejected or can't be requested."""
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
        self.tell(shown)
        decision = self.decide(shown)
        if decision is None:
            raise WaitingError("waiting for an answer")
        if not decision:
            raise ActionError("rejected")
        return {}


def _notify(context: Context, topic: str, shown: Mapping[str, str]) -> None:
    """Publish with the pipeline's role: an approval request that is not delivered is a failure."""
    sns = context.pipeline_role.client("sns", context.action.region)
    message = json.dumps({"region": context.action.region, "approval": dict(shown)})
    try:
        sns.publish(TopicArn=topic, Subject=f"APPROVAL NEEDED: {shown['action']}", Message=message)
    except ClientError as error:
        raise ActionError(f"approvers can't be notified: {error}") from error


def ask_on_terminal(shown: Mapping[str, str]) -> bool:
    """Return the answer given at the terminal, where ``shown`` has been told.

    Raises:
        RehearsalError: there is no terminal; the message says how to decide without one.

    """
    if not sys.stdin.isatty():
        raise RehearsalError("no terminal to ask on: pass --approve or --reject")
    with progress.hidden():
        return input(f"{shown['action']}: approve? [y/N] ").strip().lower() in ("y", "yes")


def evidence_page(clients: Clients, link: str) -> str:
    """Return the object that ``link`` shows in the S3 console; empty if there is none."""
    url = urlsplit(link)
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    bucket = url.path.removeprefix("/s3/object/")
    try:
        s3 = clients.client("s3", query["region"])
        content: bytes = s3.get_object(Bucket=bucket, Key=query["prefix"])["Body"].read()
    except (ClientError, KeyError):
        return ""
    return content.decode()
