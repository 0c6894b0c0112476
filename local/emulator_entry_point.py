"""Runs in the emulator's own environment: patches its application and serves it on one socket.

The emulator's own command line would also open port 443 where it is allowed to. Of the project
only ``local.emulator_faults`` is imported, because that environment has none of its packages.
"""

import importlib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# The same as in local.aws_isolation.
ACCOUNT = "000000000000"
PROVISIONERS = "ministack.services.cloudformation.provisioners"
SESSION = re.compile(r"^(arn:aws:)sts::(\d{12}):assumed-role/([^/]+)/.*$")


def accept_metric_math() -> None:
    """Let CloudFormation create alarms on metric math, instead of failing the whole stack.

    Such an alarm exists, with its name, actions and state, but is never evaluated.
    """
    provisioners: Any = importlib.import_module(PROVISIONERS)
    record: Callable[[str, dict[str, Any]], dict[str, Any]] = provisioners._cw_metric_alarm_record  # noqa: SLF001

    def tolerant(name: str, properties: dict[str, Any]) -> dict[str, Any]:
        if not properties.get("Metrics"):
            return record(name, properties)
        label = {"MetricName": "Expression", "Namespace": "MetricMath", "Metrics": None}
        return record(name, {**properties, **label})

    provisioners._cw_metric_alarm_record = tolerant  # noqa: SLF001


def accept_pipelines() -> None:
    """Let CloudFormation record pipelines, instead of failing the whole stack.

    ``local.rehearsal`` reads the pipeline from the stack's template and runs it.
    """
    provisioners: Any = importlib.import_module(PROVISIONERS)

    def record(_logical_id: str, properties: dict[str, Any], _stack: str) -> tuple[str, Any]:
        return properties["Name"], {}

    def keep(name: str, _old: dict[str, Any], _new: dict[str, Any], _stack: str) -> tuple[str, Any]:
        return name, {}

    def forget(_name: str, _properties: dict[str, Any]) -> None:
        pass

    handlers = {"create": record, "update": keep, "delete": forget}
    provisioners._RESOURCE_HANDLERS["AWS::CodePipeline::Pipeline"] = handlers  # noqa: SLF001


def keep_policies_of_access_points() -> None:
    """Let CloudFormation give a Multi-Region Access Point its policy, as S3 Control does."""
    provisioners: Any = importlib.import_module(PROVISIONERS)
    s3: Any = importlib.import_module("ministack.services.s3")

    def put(_logical_id: str, properties: dict[str, Any], _stack: str) -> tuple[str, Any]:
        s3.find_mrap(properties["MrapName"])["Policy"] = json.dumps(properties["Policy"])
        return properties["MrapName"], {}

    def update(name: str, _old: dict[str, Any], new: dict[str, Any], stack: str) -> tuple[str, Any]:
        return put(name, new, stack)

    def forget(_name: str, _properties: dict[str, Any]) -> None:
        pass  # it goes with its access point

    handlers = {"create": put, "update": update, "delete": forget}
    known = provisioners._RESOURCE_HANDLERS  # noqa: SLF001
    known.setdefault("AWS::S3::MultiRegionAccessPointPolicy", handlers)


def show_disabled_mappings() -> None:
    """Let a mapping that a template disables be described as disabled; it already is not polled."""
    provisioners: Any = importlib.import_module(PROVISIONERS)
    mappings: Any = importlib.import_module("ministack.services.lambda_svc")
    create: Callable[..., tuple[str, Any]] = provisioners._lambda_esm_create  # noqa: SLF001

    def created(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, Any]:
        mapping_id, attributes = create(logical_id, properties, stack)
        if not properties.get("Enabled", True):
            mappings._esms[mapping_id]["State"] = "Disabled"  # noqa: SLF001
        return mapping_id, attributes

    provisioners._lambda_esm_create = created  # noqa: SLF001
    provisioners._RESOURCE_HANDLERS["AWS::Lambda::EventSourceMapping"]["create"] = created  # noqa: SLF001


def support_condition_keys() -> None:
    """Let policies use ``iam:ResourceTag``, the function of a mapping, and a session's role."""
    functions: Any = importlib.import_module("ministack.services.lambda_svc")
    evaluator: Any = importlib.import_module("ministack.core.iam_evaluator")
    tagging: Any = importlib.import_module("ministack.services.tagging")
    resolve: Callable[[str, Any], Any] = evaluator._resolve_condition_key  # noqa: SLF001

    def resolved(key: str, context: Any) -> Any:
        prefix, _, tag = key.partition("/")
        match prefix.lower():
            case "iam:resourcetag":
                return (tagging.resource_tags(context.resource_arn) or {}).get(tag)
            case "lambda:functionarn":
                mapping = functions._esms.get(context.resource_arn.rpartition(":")[2])  # noqa: SLF001
                if mapping:
                    return mapping["FunctionArn"]
            case "aws:principalarn":
                return SESSION.sub(r"\1iam::\2:role/\3", resolve(key, context))
        return resolve(key, context)

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


def authorize_listing_alarms() -> None:
    """Authorize a request that names no alarm against all alarms, so that a policy can allow it."""
    evaluator: Any = importlib.import_module("ministack.core.iam_evaluator")
    enforce: Callable[..., Any] = evaluator.enforce

    def enforced(key_id: str, action: str, service: str, region: str, **more: Any) -> Any:
        if action == "cloudwatch:DescribeAlarms" and more.get("resource_arn", "*") == "*":
            more["resource_arn"] = f"arn:aws:cloudwatch:{region}:{ACCOUNT}:alarm:*"
        return enforce(key_id, action, service, region, **more)

    evaluator.enforce = enforced


def offer_faults(path: str) -> None:
    """Let those who know ``path`` ask for faults; see ``local.emulator_faults``."""
    sys.path.append(str(Path(__file__).resolve().parent.parent))
    control: Any = importlib.import_module("local.emulator_faults.control")
    control.install(path)


def main(listener: str, certificate: str, key: str, faults: str) -> int:
    offer_faults(Path(faults).read_text())
    accept_metric_math()
    accept_pipelines()
    keep_policies_of_access_points()
    show_disabled_mappings()
    support_condition_keys()
    know_leading_keys()
    authorize_listing_alarms()
    hypercorn = importlib.import_module("hypercorn.__main__")
    options = ["--workers", "0", "--keep-alive", "75", "--graceful-timeout", "1"]
    tls = ["--certfile", certificate, "--keyfile", key]
    return int(
        hypercorn.main([*options, *tls, "--bind", f"fd://{listener}", "ministack.app:app"]) or 0
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
