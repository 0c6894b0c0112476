"""Alarms that see nothing or tell nobody, logs and metrics that are switched off, lost keys."""

from attacks import variants
from attacks.attack import PRIMARY, Plant, add, drop, edit, put, remove

CHANGES, CONSUMER = "StreamConsumer/Changes", "StreamConsumer/Service/Function"
PROCESSOR, KEY = "Processor/Service/Function", "Alerts/Key"
WORKS, FIRES = "Project-working-settings", "Project-alarms-can-fire"
ERRORS, STALLED, SILENT = (
    f"Watch/{name}" for name in ("processor-errors", "stream-consumer-stalled", "canary-failing")
)
LOGS = "Processor/Service/Logs"
LOG_LEVEL = "LoggingConfig.ApplicationLogLevel"
STEPS_LOGGED = ("LoggingConfiguration", {"IncludeExecutionData": True, "Level": "ALL"})
INSIGHTS = "ContributorInsightsSpecification"


def _sends_people(to: str) -> Plant:
    return edit(ERRORS, "Properties.AlarmDescription", lambda text: f"{text} Sign in: {to}")


ATTACKS = variants.joined(
    variants.settings(
        LOGS,
        {
            "logs that no metric is taken from": ("LogGroupClass", "INFREQUENT_ACCESS"),
            "logs that are only delivered": ("LogGroupClass", "DELIVERY"),
        },
        "logs-changed",
        WORKS,
    ),
    variants.settings(
        CONSUMER,
        {
            "logs of what is fatal only": (LOG_LEVEL, "FATAL"),
            "no reports of Lambda's": ("LoggingConfig.SystemLogLevel", "WARN"),
        },
        "logs-changed",
        WORKS,
    ),
    variants.told(
        "a mapping that counts nothing", drop(CHANGES, "Properties.MetricsConfig"), "logs-changed"
    ),
    variants.told(
        "an alarm on what a mapping no longer counts",
        drop(CHANGES, "Properties.MetricsConfig"),
        FIRES,
        says="EventSourceMappingUUID",
        found_at=STALLED,
    ),
    variants.told(
        "metrics under another name",
        put(CONSUMER, "Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME", "consumer"),
        FIRES,
        says="service serverless-stream-consumer-prod",
        found_at="Watch/stream-consumer-failed-events",
    ),
    variants.told(
        "metrics in another namespace",
        put(CONSUMER, "Properties.Environment.Variables.POWERTOOLS_METRICS_NAMESPACE", "Elsewhere"),
        FIRES,
        says="service serverless-stream-consumer-prod",
        found_at="Watch/stream-consumer-failed-events",
    ),
    variants.settings(
        ERRORS,
        {
            "an alarm in a unit that nothing has": ("Unit", "Bytes"),
            "an alarm by the second": ("Period", 10),
            "an alarm whose actions are off": ("ActionsEnabled", False),
            "an alarm that tells nobody": ("AlarmActions", None),
            "an alarm of another account's topic": (
                "AlarmActions",
                ["arn:aws:sns:us-east-1:111111111111:t"],
            ),
            "an alarm on nothing": ("Dimensions", []),
            "an alarm on a function that is gone": ("Dimensions.0.Value", "serverless-gone-prod"),
        },
        "alarm-changed",
        FIRES,
    ),
    variants.settings(
        ERRORS,
        {
            "an alarm that waits a day": ("EvaluationPeriods", 288),
            "an alarm that no number of errors reaches": ("Threshold", 1_000_000),
            "an alarm on the fewest errors": ("Statistic", "Minimum"),
            "an alarm that fires for what is right": (
                "ComparisonOperator",
                "LessThanOrEqualToThreshold",
            ),
            "an alarm that takes silence for an error": ("TreatMissingData", "breaching"),
            "an alarm that says all is well": ("OKActions", []),
        },
        "alarm-changed",
    ),
    variants.settings(
        SILENT,
        {
            f"a canary that may be silent: {missing}": ("TreatMissingData", missing)
            for missing in ("notBreaching", "ignore", "missing", None)
        },
        "alarm-changed",
        FIRES,
    ),
    variants.settings(
        STALLED,
        {
            "an alarm that is computed of nothing": ("Metrics.expr_1.Expression", "0"),
            "an alarm that is computed of what is not there": (
                "Metrics.expr_1.Expression",
                "FILL(polled, 0) - FILL(filtered, 0) - FILL(invoked, 0) - FILL(lost, 0)",
            ),
            "an alarm on two figures": ("Metrics.polled.ReturnData", True),
            "an alarm on another account": ("Metrics.polled.AccountId", "111111111111"),
            "an alarm on bytes of events": ("Metrics.polled.MetricStat.Unit", "Bytes"),
        },
        "alarm-changed",
        FIRES,
    ),
    variants.settings(
        STALLED,
        {"an alarm on zero": ("Metrics.expr_1.Expression", "0 * (polled + filtered + invoked)")},
        "alarm-changed",
    ),
    variants.told(
        "an alarm that looks back too far",
        put(ERRORS, "Properties.EvaluationPeriods", 300),
        FIRES,
        says="it looks back 1.04167 days",
    ),
    variants.told(
        "an alarm that can't be computed",
        put(STALLED, "Properties.Metrics.expr_1.Expression", "FILL(polled, 0"),
        FIRES,
        says="a bracket of FILL(polled, 0 has no other",
    ),
    variants.told("an alarm that is gone", remove(ERRORS), "alarm-changed"),
    variants.told(
        "a key that is off", put(KEY, "Properties.Enabled", value=False), "key-changed", WORKS
    ),
    variants.told(
        "a key that goes with its stack", put(KEY, "DeletionPolicy", "Delete"), "protection-lifted"
    ),
    variants.told(
        "a name for another key",
        put(f"{KEY}/Alias", "Properties.TargetKeyId", "a"),
        "encryption-changed",
    ),
    variants.told("logs of a week", put(LOGS, "Properties.RetentionInDays", 7), "kept-shorter"),
    variants.told(
        "logs of a week",
        put(LOGS, "Properties.RetentionInDays", 7),
        "Project-logs-kept",
        found_at=PROCESSOR,
    ),
    variants.told(
        "alarms that are mailed to somebody else",
        add(
            "Mail",
            "AWS::SNS::Subscription",
            TopicArn={"Ref": "AlertsTopicCF7C81C9"},
            Protocol="email",
            Endpoint="someone@example.net",
        ),
        "alert-address",
        says="someone@example.net",
    ),
    *(
        variants.told(
            f"an alarm that sends people to a stranger, {how}",
            _sends_people(to),
            "leads-elsewhere",
            says="AlarmDescription",
        )
        for how, to in {
            "by a link": "https://collect.example.org/login",
            "by a link without a scheme": "//collect.example.org",
            "by a bare host": "collect.example.org/login",
            "by a fork": "https://github.com/stranger/fork",
            "by mail": "help@example.org",
        }.items()
    ),
    *(
        variants.told(
            f"{what} that shows what goes through it",
            put(at, f"Properties.{where}", value, stacks=[PRIMARY]),
            "contents-logged",
        )
        for what, at, where, value in (
            ("a bus", "Events", "LogConfig", {"IncludeDetail": "FULL", "Level": "TRACE"}),
            ("a bus, of a value,", "Events", "LogConfig.IncludeDetail", "FULL"),
            ("a machine", "LargeFiles/Machine", *STEPS_LOGGED),
            ("a table", "Table/Table", f"Replicas.0.{INSIGHTS}", {"Enabled": True}),
        )
    ),
)
