"""What CloudFormation still does less than on AWS."""

from local.clients import Clients
from local.probes import templates
from local.probes.trial import OTHER_REGION, REGION, trial


def replicas_are_ignored(clients: Clients) -> bool:
    with trial(clients) as on:
        on.stack({"Table": templates.global_table(on.name)})
        tables = on.client("dynamodb", OTHER_REGION).list_tables()["TableNames"]
        return on.name not in tables


def dead_letter_config_is_ignored(clients: Clients) -> bool:
    with trial(clients) as on:
        on.stack(templates.function_with_dead_letters(on.name))
        found = on.client("lambda").get_function_configuration(FunctionName=on.name)
        return not found.get("DeadLetterConfig")


def permissions_boundaries_are_ignored(clients: Clients) -> bool:
    with trial(clients) as on:
        on.stack({"Role": templates.bounded_role()})
        role = on.client("iam").get_role(RoleName=on.physical_id("Role"))["Role"]
        return not role.get("PermissionsBoundary")


def metric_math_is_not_evaluated(clients: Clients) -> bool:
    with trial(clients) as on:
        on.stack({"Alarm": templates.metric_math_alarm(on.name)})
        alarm, *_ = on.client("cloudwatch").describe_alarms(AlarmNames=[on.name])["MetricAlarms"]
        return not alarm.get("Metrics")


def generated_role_names_clash(clients: Clients) -> bool:
    with trial(clients) as on:
        for region in (REGION, OTHER_REGION):
            on.stack({"Role": templates.role()}, region)
        return on.physical_id("Role") == on.physical_id("Role", OTHER_REGION)
