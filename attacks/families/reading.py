"""What is read, how fast, when it starts, and what is tried again: set so that it is less.

Each is told by the hazard that it is, and by a rule if it may not be so from the first day on.
"""

from attacks import variants
from attacks.attack import STANDBY, drop, edit, put, remove

CHANGES, TAKEOVER = "StreamConsumer/Changes", "StreamConsumer/Takeover"
PROCESSOR, LETTERS = "Processor/Service/Function", "Processor/DeadLetters/Queue"
SCHEDULE, WORKS = "Canary/Schedule", "Project-working-settings"
FAILURES, READS = "failures-handled-otherwise", "reads-otherwise"
DISABLED = {"as a text": "DISABLED", "joined of two": variants.text("DISABLED")["joined of two"]}

ATTACKS = variants.joined(
    *(
        variants.told(
            f"a mapping that is off, {how}", put(CHANGES, "Properties.Enabled", value), WORKS
        )
        for how, value in variants.off().items()
        if value is not None
    ),
    variants.told(
        "a mapping that is off",
        put(CHANGES, "Properties.Enabled", value=False),
        "mapping-switched",
        says="becomes false",
    ),
    variants.told(
        "two mappings that read the same",
        put(TAKEOVER, "Properties.Enabled", value=True),
        "mapping-switched",
        WORKS,
    ),
    variants.settings(
        CHANGES,
        {
            "changes that wait for a batch": ("MaximumBatchingWindowInSeconds", 300),
            "changes that are summed up first": ("TumblingWindowInSeconds", 900),
            "one change at a time": ("BatchSize", 1),
            "a stream without a filter": ("FilterCriteria", None),
            "a filter for the other region": (
                "FilterCriteria.Filters",
                [{"Pattern": '{"dynamodb": {"NewImage": {"originRegion": {"S": ["nowhere"]}}}}'}],
            ),
        },
        READS,
        WORKS,
    ),
    variants.settings(
        CHANGES,
        {
            "one batch at a time": ("ParallelizationFactor", 1),
            "a filter that takes no deletion": (
                "FilterCriteria.Filters.1.Pattern.eventName",
                ["X"],
            ),
            "a mapping of another function": ("FunctionName", "serverless-canary-prod"),
        },
        READS,
    ),
    variants.settings(
        CHANGES,
        {
            "a batch that is tried once": ("MaximumRetryAttempts", 0),
            "changes that are given up after a minute": ("MaximumRecordAgeInSeconds", 60),
            "one bad change that takes its batch with it": ("BisectBatchOnFunctionError", False),
            "a batch that is published again": ("FunctionResponseTypes", None),
        },
        FAILURES,
        WORKS,
    ),
    variants.settings(
        f"{PROCESSOR}/EventInvokeConfig",
        {
            "a file that is given up after a minute": ("MaximumEventAgeInSeconds", 60),
            "a file that is tried once": ("MaximumRetryAttempts", 0),
        },
        FAILURES,
        WORKS,
    ),
    variants.told(
        "changes whose failure nobody keeps",
        drop(CHANGES, "Properties.DestinationConfig"),
        FAILURES,
    ),
    variants.told(
        "events of a rule whose failure nobody keeps",
        drop("Ingestion/OtherNames", "Properties.Targets.0.DeadLetterConfig"),
        FAILURES,
    ),
    variants.told(
        "dead letters that move on after one look",
        put(
            LETTERS, "Properties.RedrivePolicy", {"deadLetterTargetArn": "a", "maxReceiveCount": 1}
        ),
        FAILURES,
    ),
    variants.settings(
        LETTERS,
        {
            "letters that come after a quarter of an hour": ("DelaySeconds", 900),
            "letters that are refused for their length": ("MaximumMessageSize", 1024),
        },
        "delivered-otherwise",
        WORKS,
    ),
    variants.settings(
        LETTERS, {"letters that two people get": ("VisibilityTimeout", 0)}, "delivered-otherwise"
    ),
    *(
        variants.told(
            f"a rule that is off, {how}", put("Notices/Rule", "Properties.State", value), by
        )
        for how, value in DISABLED.items()
        for by in ("trigger-changed", WORKS)
    ),
    variants.settings(
        SCHEDULE,
        {
            "a canary that is off": ("State", "DISABLED"),
            "a canary until New Year": ("EndDate", "2027-01-01T00:00:00Z"),
        },
        "trigger-changed",
        WORKS,
    ),
    variants.settings(
        SCHEDULE,
        {
            "a canary once a day": ("ScheduleExpression", "rate(1 day)"),
            "a canary at any time of the day": (
                "FlexibleTimeWindow",
                {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 1440},
            ),
        },
        "trigger-changed",
    ),
    variants.told(
        "files that nobody is told of",
        put("Ingestion/OtherNames", "Properties.EventPattern.detail-type", ["Object Restored"]),
        "trigger-changed",
    ),
    variants.told(
        "a rule that leaves nothing out",
        drop("Ingestion/OtherNames", "Properties.EventPattern.detail-type"),
        "sends-elsewhere",
        says="more events than before",
    ),
    variants.told(
        "a stream that is looked up once for all time",
        put(
            "Table/StreamArn/Resource/Default",
            "Properties.Update",
            '{"physicalResourceId": {"id": "a"}}',
            stacks=[STANDBY],
        ),
        "lookup-renamed",
        says="functions go on with what is gone",
    ),
    variants.told("large files that nobody starts", remove("LargeFiles/Rule"), "part-removed"),
    variants.told(
        "files of another ending",
        edit(
            "Ingestion/Bucket",
            "Properties.NotificationConfiguration.LambdaConfigurations",
            lambda old: old[1:],
        ),
        "trigger-changed",
    ),
    variants.settings(
        LETTERS,
        {"letters that go within minutes": ("MessageRetentionPeriod", 60)},
        "kept-shorter",
        "Project-failures-kept",
    ),
)
