"""The Lambda handler: a schedule lets the canary look and put a file, an event lets it hear."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from services.aws_client.errors import AwsClientError
from services.aws_client.leaving import without_contents
from services.canary.runtime.canary import Canary

ANNOUNCEMENT = "CanaryChanged"

Handler = Callable[[Mapping[str, Any], object], None]


def make_handler(canary: Canary) -> Handler:
    """Return the function that Lambda calls, with an announcement or with anything else."""

    def handle(event: Mapping[str, Any], _context: object) -> None:
        if event.get("detail-type") == ANNOUNCEMENT:
            canary.hear(datetime.fromisoformat(event["detail"]["item"]["data"]["putAt"]))
        else:
            canary.visit()

    return without_contents(handle, (AwsClientError,))
