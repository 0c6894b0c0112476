"""Puts the requests of the emulator's CloudFormation to the emulator's IAM, before each change."""

import contextvars
import importlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from local.emulator_rights.arns import UNKNOWN, Resource, given_name
from local.emulator_rights.requests import Request, requests

CLOUDFORMATION = "ministack.services.cloudformation"
SESSION = "AWSCloudFormation"
# Operations that may name the role of a stack, or need it.
OPERATIONS = (
    *("CreateStack", "UpdateStack", "DeleteStack", "RollbackStack", "ContinueUpdateRollback"),
    *("CreateChangeSet", "ExecuteChangeSet"),
)
PARAMETER = "AWS::SSM::Parameter::Value<"

Change = Callable[..., Any]


class DeniedError(ValueError):
    """The role of a stack may not do what a change of a resource takes; says what, as IAM does."""


class Rights:
    """The roles of stacks, and what CloudFormation may do with them."""

    def __init__(self, record: str) -> None:
        self._iam: Any = importlib.import_module("ministack.services.iam")
        self._evaluator: Any = importlib.import_module("ministack.core.iam_evaluator")
        self._actions: Any = importlib.import_module("ministack.core.iam_actions")
        self._scope: Any = importlib.import_module("ministack.core.responses")
        self._provisioners: Any = importlib.import_module(f"{CLOUDFORMATION}.provisioners")
        self._roles: dict[tuple[str, str, str], str] = {}
        # The role of the request that is being handled, before there is a stack.
        self._role: contextvars.ContextVar[str] = contextvars.ContextVar("role", default="")
        self._record = Path(record) if record else None
        self._recorded: set[Request] = set()

    def handling(self, operation: str, handler: Change) -> Change:
        """Return ``handler`` of a stack's operation, with the stack's role known from then on."""

        def handle(params: Mapping[str, Any]) -> Any:
            stack = _first(params, "StackName")
            key = self._key(stack.split("/")[1] if stack.startswith("arn:") else stack)
            role = _first(params, "RoleARN")
            begins = operation == "CreateStack" or _first(params, "ChangeSetType") == "CREATE"
            if role or begins:
                self._roles[key] = role
            token = self._role.set(self._roles.get(key, ""))
            try:
                return handler(params)
            finally:
                self._role.reset(token)

        return handle

    def creating(self, create: Change) -> Change:
        """Return ``create`` of a resource, which fails where the stack's role may not."""

        def created(type_: str, logical_id: str, properties: Any, stack: str) -> Any:
            name = self._provisioners._physical_name(stack, logical_id)  # noqa: SLF001
            self._check("create", type_, properties, given_name(type_, name, stack), stack)
            return create(type_, logical_id, properties, stack)

        return created

    def updating(self, update: Change) -> Change:
        """Return ``update`` of a resource, which fails where the stack's role may not."""

        def updated(
            type_: str, physical_id: str, old: Any, new: Any, stack: str, *more: Any
        ) -> Any:
            if old != new:
                self._check("update", type_, new, physical_id, stack)
            return update(type_, physical_id, old, new, stack, *more)

        return updated

    def deleting(self, delete: Change) -> Change:
        """Return ``delete`` of a resource, which fails where the stack's role may not."""

        def deleted(type_: str, physical_id: str, properties: Any, stack: str, *more: Any) -> Any:
            self._check("delete", type_, properties, physical_id, stack)
            return delete(type_, physical_id, properties, stack, *more)

        return deleted

    def resolving(self, resolve: Change) -> Change:
        """Return ``resolve`` of a template's parameters, some of which are read from SSM."""

        def resolved(template: Mapping[str, Any], *more: Any, **named: Any) -> Any:
            region, account = self._scope.get_region(), self._scope.get_account_id()
            for parameter in template.get("Parameters", {}).values():
                if parameter["Type"].startswith(PARAMETER) and self._role.get():
                    arn = f"arn:aws:ssm:{region}:{account}:parameter{parameter['Default']}"
                    self._allow(self._role.get(), Request("ssm:GetParameters", arn, region))
            return resolve(template, *more, **named)

        return resolved

    def _check(self, operation: str, type_: str, properties: Any, name: str, stack: str) -> None:
        role = self._roles.get(self._key(stack))
        if not role:
            return
        resource = Resource(
            type=type_,
            properties=properties,
            name=name or UNKNOWN,
            region=self._scope.get_region(),
            account=self._scope.get_account_id(),
        )
        try:
            asked = requests(resource, operation, self._boundary)
        except KeyError as unknown:
            raise DeniedError(f"bootstrap/actions.toml does not know {unknown}") from unknown
        for request in asked:
            self._allow(role, request)

    def _allow(self, role: str, request: Request) -> None:
        """Note the request, and raise ``DeniedError`` unless IAM allows it to the role."""
        self._note(request)
        evaluator, account, name = self._evaluator, role.split(":")[4], role.rpartition("/")[2]
        context = evaluator.EvalContext(
            principal_arn=f"arn:aws:sts::{account}:assumed-role/{name}/{SESSION}",
            principal_type="AssumedRole",
            principal_account=account,
            action=request.action,
            resource_arn=request.resource,
            region=request.region,
            secure_transport=True,
            service_context={key.lower(): value for key, value in request.context},
        )
        limits = evaluator._permissions_boundary(self._iam._roles, name, account)  # noqa: SLF001
        policies = evaluator._gather_role_policies(name, account)  # noqa: SLF001
        result = evaluator.evaluate(context, policies, *limits)
        service = request.action.partition(":")[0]
        if (own := evaluator._resource_policy(service, request.resource)) is not None:  # noqa: SLF001
            required = service in evaluator._POLICY_REQUIRED  # noqa: SLF001
            result = evaluator.combine_resource_policy(
                result, context, *own, required=required, limits=limits
            )
        if result.decision != "Allow":
            raise DeniedError(
                self._actions.identity_denial_message(
                    request.action,
                    context.principal_arn,
                    request.resource,
                    result.decision == "Deny",
                )
            )

    def _note(self, request: Request) -> None:
        if self._record and request not in self._recorded:
            self._recorded.add(request)
            with self._record.open("a") as file:
                file.write(json.dumps(request._asdict()) + "\n")

    def _boundary(self, role: str) -> str:
        found = self._iam._roles.get(role.rpartition("/")[2]) or {}  # noqa: SLF001
        return str(found.get("PermissionsBoundary") or "")

    def _key(self, stack: str) -> tuple[str, str, str]:
        return self._scope.get_account_id(), self._scope.get_region(), stack


def _first(params: Mapping[str, Any], name: str) -> str:
    found = params.get(name) or ""
    return str(found[0]) if isinstance(found, list) else str(found)


def install(record: str = "") -> None:
    """Let CloudFormation do what the roles of stacks may; note each request in file ``record``."""
    rights = Rights(record)
    stacks: Any = importlib.import_module(f"{CLOUDFORMATION}.stacks")
    stacks._provision_resource = rights.creating(stacks._provision_resource)  # noqa: SLF001
    stacks._update_resource = rights.updating(stacks._update_resource)  # noqa: SLF001
    stacks._delete_resource = rights.deleting(stacks._delete_resource)  # noqa: SLF001
    handlers: Any = importlib.import_module(f"{CLOUDFORMATION}.handlers")
    for module in (handlers, importlib.import_module(f"{CLOUDFORMATION}.changesets")):
        known: Any = module
        known._resolve_parameters = rights.resolving(known._resolve_parameters)  # noqa: SLF001
    operations = handlers._ACTION_HANDLERS  # noqa: SLF001
    for name in OPERATIONS:
        operations[name] = rights.handling(name, operations[name])
