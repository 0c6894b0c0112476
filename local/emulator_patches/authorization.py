"""Patches of IAM: what a policy asks about a request."""

import importlib
import json
import re
from collections.abc import Callable
from typing import Any

# The same as in local.aws_isolation.
ACCOUNT = "000000000000"
MAPPING = re.compile(r"/event-source-mappings/[^/]+/?$")
ON_MAPPING = {"GET": "Get", "PUT": "Update", "DELETE": "Delete"}
SESSION = re.compile(r"^(arn:aws:)sts::(\d{12}):assumed-role/([^/]+)/.*$")


def know_tags_of_roles() -> None:
    """Let policies use ``iam:ResourceTag``."""
    tagging: Any = importlib.import_module("ministack.services.tagging")

    def tag(key: str, context: Any) -> Any:
        return (tagging.resource_tags(context.resource_arn) or {}).get(key.partition("/")[2])

    _resolve_key("iam:resourcetag/", tag)


def know_functions_of_mappings() -> None:
    """Let policies use ``lambda:FunctionArn`` for an event source mapping."""
    functions: Any = importlib.import_module("ministack.services.lambda_svc")

    def function(_key: str, context: Any) -> Any:
        mapping = functions._esms.get(context.resource_arn.rpartition(":")[2]) or {}  # noqa: SLF001
        return mapping.get("FunctionArn")

    _resolve_key("lambda:functionarn", function)


def know_aliases_of_keys() -> None:
    """Let policies use ``kms:ResourceAliases``, the names by which a key is known."""
    keys: Any = importlib.import_module("ministack.services.kms")

    def aliases(_key: str, context: Any) -> Any:
        key = context.resource_arn.rpartition("/")[2]
        named = [alias for alias, known in keys._aliases.items() if known == key]  # noqa: SLF001
        return [alias.split(":", 5)[5] for alias in named] or None

    _resolve_key("kms:resourcealiases", aliases)


def know_roles_of_sessions() -> None:
    """Let ``aws:PrincipalArn`` be the ARN of the role whose session makes a request."""

    def role(_key: str, context: Any) -> Any:
        return SESSION.sub(r"\1iam::\2:role/\3", context.principal_arn)

    _resolve_key("aws:principalarn", role)


def _resolve_key(start: str, value: Callable[[str, Any], Any]) -> None:
    """Let ``value`` answer for condition keys with this ``start``, unless it knows nothing."""
    evaluator: Any = importlib.import_module("ministack.core.iam_evaluator")
    resolve: Callable[[str, Any], Any] = evaluator._resolve_condition_key  # noqa: SLF001

    def resolved(key: str, context: Any) -> Any:
        found = value(key, context) if key.lower().startswith(start) else None
        return resolve(key, context) if found is None else found

    evaluator._resolve_condition_key = resolved  # noqa: SLF001


def know_leading_keys() -> None:
    """Let policies limit a request for one item by the first part of its key."""
    actions: Any = importlib.import_module("ministack.core.iam_actions")
    tables: Any = importlib.import_module("ministack.services.dynamodb")
    read: Callable[[bytes], dict[str, Any]] = actions.dynamodb_service_context

    def context(body: bytes) -> dict[str, Any]:
        known = read(body)
        request = json.loads(body or b"{}")
        item = request.get("Key") or request.get("Item") or {}
        table = tables._tables.get(request.get("TableName", "").rpartition("/")[2]) or {}  # noqa: SLF001
        for part in table.get("KeySchema", ()):
            if part["KeyType"] == "HASH" and part["AttributeName"] in item:
                known["dynamodb:LeadingKeys"] = [*item[part["AttributeName"]].values()]
        return known

    actions.dynamodb_service_context = context


def name_actions_as_iam_does() -> None:
    """Let a call on one mapping, or with many messages, need the action that IAM has for it."""
    actions: Any = importlib.import_module("ministack.core.iam_actions")
    extract: Callable[..., str | None] = actions.extract_iam_action

    def extracted(service: str, method: str, path: str, *request: Any) -> str | None:
        if service == "lambda" and method in ON_MAPPING and MAPPING.search(path):
            return f"lambda:{ON_MAPPING[method]}EventSourceMapping"
        action = extract(service, method, path, *request)
        return action.removesuffix("Batch") if action and service == "sqs" else action

    actions.extract_iam_action = extracted


def know_streams_and_restored_tables() -> None:
    """Let policies limit whose changes may be read, and which table may be restored."""
    actions: Any = importlib.import_module("ministack.core.iam_actions")
    streams: Any = importlib.import_module("ministack.services.dynamodb_streams")
    extract: Callable[..., str] = actions.extract_resource_arn

    def extracted(
        service: str, method: str, path: str, headers: Any, body: bytes, *more: Any
    ) -> str:
        if service == "dynamodbstreams":
            request = json.loads(body or b"{}")
            iterator = streams._decode_iterator(request.get("ShardIterator") or "") or {}  # noqa: SLF001
            if stream := request.get("StreamArn") or iterator.get("arn"):
                return str(stream)
        if service == "dynamodb" and (table := json.loads(body or b"{}").get("SourceTableName")):
            _, region, account = more
            return f"arn:aws:dynamodb:{region}:{account}:table/{table}"
        return extract(service, method, path, headers, body, *more)

    actions.extract_resource_arn = extracted


def authorize_listing_alarms() -> None:
    """Authorize a request that names no alarm against all alarms, so that a policy can allow it."""
    evaluator: Any = importlib.import_module("ministack.core.iam_evaluator")
    enforce: Callable[..., Any] = evaluator.enforce

    def enforced(key_id: str, action: str, service: str, region: str, **more: Any) -> Any:
        if action == "cloudwatch:DescribeAlarms" and more.get("resource_arn", "*") == "*":
            more["resource_arn"] = f"arn:aws:cloudwatch:{region}:{ACCOUNT}:alarm:*"
        return enforce(key_id, action, service, region, **more)

    evaluator.enforce = enforced
