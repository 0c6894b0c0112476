"""Patches of CloudFormation: types and properties that it does not know."""

import importlib
import json
from collections.abc import Callable
from typing import Any

PROVISIONERS = "ministack.services.cloudformation.provisioners"


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


def set_boundaries_of_roles() -> None:
    """Let CloudFormation give a role its permissions boundary at once, as IAM does."""
    provisioners: Any = importlib.import_module(PROVISIONERS)
    roles: Any = importlib.import_module("ministack.services.iam")
    handlers = provisioners._RESOURCE_HANDLERS["AWS::IAM::Role"]  # noqa: SLF001
    create, update = handlers["create"], handlers["update"]

    def bound(made: tuple[str, Any], properties: dict[str, Any]) -> tuple[str, Any]:
        roles._roles[made[0]]["PermissionsBoundary"] = properties.get("PermissionsBoundary")  # noqa: SLF001
        return made

    def created(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, Any]:
        return bound(create(logical_id, properties, stack), properties)

    def updated(name: str, old: Any, new: dict[str, Any], *more: Any) -> tuple[str, Any]:
        return bound(update(name, old, new, *more), new)

    handlers.update(create=created, update=updated)


def tag_with_stacks() -> None:
    """Let CloudFormation put its tags on what else can have tags here; it knows the other types."""
    provisioners: Any = importlib.import_module(PROVISIONERS)
    tagging: Any = importlib.import_module("ministack.services.tagging")
    arns: Any = importlib.import_module("ministack.core.arn")
    stacks: Any = importlib.import_module("ministack.services.cloudformation")

    def patch(type_: str, service: str, arn_of: Callable[[str, Any], str]) -> None:
        handlers = provisioners._RESOURCE_HANDLERS[type_]  # noqa: SLF001
        create = handlers["create"]

        def created(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, Any]:
            name, attributes = create(logical_id, properties, stack)
            arn = arn_of(name, attributes)
            tags = {"logical-id": logical_id, "stack-name": stack}
            tags["stack-id"] = stacks._stacks[stack]["StackId"]  # noqa: SLF001
            named = {f"aws:cloudformation:{key}": value for key, value in tags.items()}
            tagging._WRITERS[service](arns.parse_arn(arn), arn, named)  # noqa: SLF001
            return name, attributes

        handlers["create"] = created

    patch("AWS::S3::Bucket", "s3", lambda name, _: f"arn:aws:s3:::{name}")
    patch("AWS::Events::Rule", "events", lambda _, attributes: str(attributes["Arn"]))
    patch("AWS::DynamoDB::GlobalTable", "dynamodb", lambda _, attributes: str(attributes["Arn"]))
