"""Runs in the emulator's environment: which rights of policies some request needs, as it judges.

``python needed_rights.py POLICIES REQUESTS``: JSON files, the latter with one a line. Writes a
list of triples, a statement's Sid, an action and a resource, without which some request is denied.
"""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

EVALUATOR: Any = importlib.import_module("ministack.core.iam_evaluator")


class Right(NamedTuple):
    """One action of one statement on one of its resources."""

    sid: str
    action: str
    resource: str
    policy: Any  # the emulator's own


def main(policies: Path, requests: Path) -> None:
    rights = [
        Right(statement["Sid"], action, arn, EVALUATOR.parse_policy_document({"Statement": alone}))
        for document in json.loads(policies.read_text())
        for statement in document["Statement"]
        for action in statement["Action"]
        for arn in statement["Resource"]
        for alone in [{**statement, "Action": [action], "Resource": [arn]}]
    ]
    needed = set()
    for request in map(json.loads, requests.read_text().splitlines()):
        allowing = list(_allowing(request, rights))
        if len(allowing) == 1:
            needed.add(allowing[0][:3])
    json.dump(sorted(needed), sys.stdout)


def _allowing(request: dict[str, Any], rights: list[Right]) -> Iterator[Right]:
    context = EVALUATOR.EvalContext(
        principal_arn="",
        principal_type="AssumedRole",
        principal_account="",
        action=request["action"],
        resource_arn=request["resource"],
        region=request["region"],
        service_context={key.lower(): value for key, value in request["context"]},
    )
    for right in rights:
        if EVALUATOR.evaluate(context, [right.policy]).decision == "Allow":
            yield right


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
