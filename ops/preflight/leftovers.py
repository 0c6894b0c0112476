"""Names that are taken in the account although no stack of ours has them, and how to free them.

A failed first deployment leaves what is retained, and sometimes more; any of it makes the next one
fail, late. ``KINDS`` has the types in the order in which their leftovers are removed: what uses
others first.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ops.preflight import removal, stores
from ops.preflight.look import Look
from ops.preflight.plan import BUCKET, POLICY, TABLE, Named, Site
from ops.preflight.removal import Leftover

Kind = Callable[[Look, Named], Leftover | None]


def arn(service: str, site: Site, rest: str) -> str:
    """Return the ARN of something in an account and region."""
    return f"arn:aws:{service}:{site.region}:{site.account}:{rest}"


def _simple(
    service: str,
    reads: str,
    argument: str,
    deletes: str,
    identify: Callable[[Named], str] = lambda thing: thing.name,
) -> Kind:
    """Return a kind that one call reads by its name, and one command deletes."""

    def look_up(look: Look, thing: Named) -> Leftover | None:
        known = identify(thing)
        if look.ask(thing.site, service, reads, **{argument: known}) is None:
            return None
        return Leftover(commands=(look.command(thing.site, service, *deletes.split(), known),))

    return look_up


def _alarm(look: Look, thing: Named) -> Leftover | None:
    found = look.ask(thing.site, "cloudwatch", "describe_alarms", AlarmNames=[thing.name])
    words = ("cloudwatch", "delete-alarms", "--alarm-names", thing.name)
    return _if(found["MetricAlarms"], look.command(thing.site, *words))


def _project(look: Look, thing: Named) -> Leftover | None:
    found = look.ask(thing.site, "codebuild", "batch_get_projects", names=[thing.name])
    words = ("codebuild", "delete-project", "--name", thing.name)
    return _if(found["projects"], look.command(thing.site, *words))


def _log_group(look: Look, thing: Named) -> Leftover | None:
    groups = look.pages(
        thing.site, "logs", "describe_log_groups", "logGroups", logGroupNamePrefix=thing.name
    )
    words = ("logs", "delete-log-group", "--log-group-name", thing.name)
    exact = [each for each in groups if each["logGroupName"] == thing.name]
    return _if(exact, look.command(thing.site, *words))


def _function(look: Look, thing: Named) -> Leftover | None:
    named = {"FunctionName": thing.name}
    if look.ask(thing.site, "lambda", "get_function_configuration", **named) is None:
        return None
    mappings = look.pages(
        thing.site, "lambda", "list_event_source_mappings", "EventSourceMappings", **named
    )
    return Leftover(commands=removal.function(look, thing, mappings))


def _bus(look: Look, thing: Named) -> Leftover | None:
    if look.ask(thing.site, "events", "describe_event_bus", Name=thing.name) is None:
        return None
    rules = look.ask(thing.site, "events", "list_rules", EventBusName=thing.name)["Rules"]
    of_rules = {}
    for name in (each["Name"] for each in rules):
        answer = look.ask(
            thing.site, "events", "list_targets_by_rule", Rule=name, EventBusName=thing.name
        )
        of_rules[name] = [each["Id"] for each in answer["Targets"]]
    return Leftover(commands=removal.event_bus(look, thing, of_rules))


def _role(look: Look, thing: Named) -> Leftover | None:
    named = {"RoleName": thing.name}
    if look.ask(thing.site, "iam", "get_role", **named) is None:
        return None
    attached = look.pages(
        thing.site, "iam", "list_attached_role_policies", "AttachedPolicies", **named
    )
    inline = look.pages(thing.site, "iam", "list_role_policies", "PolicyNames", **named)
    arns = [each["PolicyArn"] for each in attached]
    return Leftover(commands=removal.role(look, thing, arns, inline))


def _policy(look: Look, thing: Named) -> Leftover | None:
    known = {"PolicyArn": removal.policy_arn(thing)}
    if look.ask(thing.site, "iam", "get_policy", **known) is None:
        return None
    versions = look.pages(thing.site, "iam", "list_policy_versions", "Versions", **known)
    holders = look.ask(thing.site, "iam", "list_entities_for_policy", **known)
    return Leftover(commands=removal.policy(look, thing, versions, holders))


def _if(found: Any, command: str) -> Leftover | None:
    return Leftover(commands=(command,)) if found else None


KINDS: Mapping[str, Kind] = {
    "AWS::CodePipeline::Pipeline": _simple(
        "codepipeline", "get_pipeline", "name", "delete-pipeline --name"
    ),
    "AWS::CodeBuild::Project": _project,
    "AWS::Scheduler::Schedule": _simple(
        "scheduler", "get_schedule", "Name", "delete-schedule --name"
    ),
    "AWS::StepFunctions::StateMachine": _simple(
        "stepfunctions",
        "describe_state_machine",
        "stateMachineArn",
        "delete-state-machine --state-machine-arn",
        lambda thing: arn("states", thing.site, f"stateMachine:{thing.name}"),
    ),
    "AWS::Lambda::Function": _function,
    "AWS::Events::EventBus": _bus,
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::Dashboard": _simple(
        "cloudwatch", "get_dashboard", "DashboardName", "delete-dashboards --dashboard-names"
    ),
    "AWS::S3::MultiRegionAccessPoint": stores.access_point,
    BUCKET: stores.bucket,
    TABLE: stores.table,
    "AWS::SQS::Queue": stores.queue,
    "AWS::SNS::Topic": _simple(
        "sns",
        "get_topic_attributes",
        "TopicArn",
        "delete-topic --topic-arn",
        lambda thing: arn("sns", thing.site, thing.name),
    ),
    "AWS::Logs::LogGroup": _log_group,
    "AWS::IAM::Role": _role,
    POLICY: _policy,
    "AWS::KMS::Alias": _simple("kms", "describe_key", "KeyId", "delete-alias --alias-name"),
}
