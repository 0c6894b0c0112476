"""Runs inside the emulator's own environment: serves its application on one socket.

Its command line would also open port 443 where it may; this does not. No other module of ours is
imported, for that environment has none of our packages.
"""

import importlib
import re
import sys
from collections.abc import Callable
from typing import Any

# As local.isolation has it.
ACCOUNT = "000000000000"
PROVISIONERS = "ministack.services.cloudformation.provisioners"
SESSION = re.compile(r"^(arn:aws:)sts::(\d{12}):assumed-role/([^/]+)/.*$")


def accept_metric_math() -> None:
    """Let CloudFormation create alarms on metric math, for which the whole stack would be refused.

    Such an alarm is there, with its name, actions and state, and is never evaluated.
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
    """Let CloudFormation record pipelines, for which the whole stack would be refused.

    The stack's template then says what is deployed; ``local.rehearsal`` is what runs it.
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


def know_condition_keys() -> None:
    """Let policies ask for ``iam:ResourceTag``, and for the role of a session, as on AWS."""
    evaluator: Any = importlib.import_module("ministack.core.iam_evaluator")
    tagging: Any = importlib.import_module("ministack.services.tagging")
    resolve: Callable[[str, Any], Any] = evaluator._resolve_condition_key  # noqa: SLF001

    def resolved(key: str, context: Any) -> Any:
        prefix, _, tag = key.partition("/")
        match prefix.lower():
            case "iam:resourcetag":
                return (tagging.resource_tags(context.resource_arn) or {}).get(tag)
            case "aws:principalarn":
                return SESSION.sub(r"\1iam::\2:role/\3", resolve(key, context))
        return resolve(key, context)

    evaluator._resolve_condition_key = resolved  # noqa: SLF001


def name_all_alarms() -> None:
    """Let a question for no alarm by name be one about all alarms, which a policy can allow."""
    evaluator: Any = importlib.import_module("ministack.core.iam_evaluator")
    enforce: Callable[..., Any] = evaluator.enforce

    def enforced(key_id: str, action: str, service: str, region: str, **more: Any) -> Any:
        if action == "cloudwatch:DescribeAlarms" and more.get("resource_arn", "*") == "*":
            more["resource_arn"] = f"arn:aws:cloudwatch:{region}:{ACCOUNT}:alarm:*"
        return enforce(key_id, action, service, region, **more)

    evaluator.enforce = enforced


def main(listener: str, certificate: str, key: str) -> int:
    accept_metric_math()
    accept_pipelines()
    know_condition_keys()
    name_all_alarms()
    hypercorn = importlib.import_module("hypercorn.__main__")
    options = ["--workers", "0", "--keep-alive", "75", "--graceful-timeout", "1"]
    tls = ["--certfile", certificate, "--keyfile", key]
    return int(
        hypercorn.main([*options, *tls, "--bind", f"fd://{listener}", "ministack.app:app"]) or 0
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
