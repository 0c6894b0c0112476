"""The product as it works: a setting with which it runs, and does less than it seems to."""

from collections.abc import Mapping
from typing import Any

from attacks import variants
from attacks.attack import REGIONS, Plant, edit, put, replace
from attacks.project import Copy

CHANGES, ALIAS = "StreamConsumer/Changes", "StreamConsumer/TakeoverAlias"
PROCESSOR, CONSUMER = "Processor/Service/Function", "StreamConsumer/Service/Function"
SCHEDULE, WORKS, RUNS = "Canary/Schedule", "Project-working-settings", "runs-otherwise"


def _steps(old: str, new: str) -> Plant:
    """Replace a text in the definition of the state machine."""

    def change(definition: Mapping[str, Any]) -> object:
        separator, parts = definition["Fn::Join"]
        swapped = [each.replace(old, new) if isinstance(each, str) else each for each in parts]
        return {"Fn::Join": [separator, swapped]}

    return edit("LargeFiles/Machine", "Properties.DefinitionString", change)


def _moved(at: str) -> Plant:
    """Give a resource another logical id, as a construct of another id has."""

    def do(copy: Copy) -> None:
        for stack in REGIONS:
            old = copy.logical_id(stack, at)
            resources = copy.template(stack)["Resources"]
            resources[f"{old}Moved"] = resources.pop(old)

    return Plant(at=at, do=do, stacks=REGIONS)


# What each of these variables does, in the words of its finding.
GIVEN = {
    "POWERTOOLS_LOGGER_LOG_EVENT": "Powertools takes its options from it",
    "PYTHONSTARTUP": "before any of our code runs",
    "AWS_ENDPOINT_URL_DYNAMODB": "where the functions' calls go",
    "REJECTED_SHARE_ANNOUNCED": "goes by this limit",
}
# Each by its setting.
LIMITS = (
    ("rejectedShareAnnounced", '"0.05"', '"1"'),
    ("rejectedRowsKeptDays", '"rejectedRowsKeptDays": "0"', '"rejectedRowsKeptDays": "1"'),
    ("statusIndex", '"statusIndex": "all"', '"statusIndex": "exceptions"'),
    ("rangesAtOnce", '"rangesAtOnce": "8"', '"rangesAtOnce": "100"'),
)
ATTACKS = variants.joined(
    variants.settings(
        PROCESSOR,
        {
            "a logger that says nothing": (
                "Environment.Variables.POWERTOOLS_LOG_LEVEL",
                "CRITICAL",
            ),
            "metrics that are switched off": (
                "Environment.Variables.POWERTOOLS_METRICS_DISABLED",
                "true",
            ),
        },
        "given-otherwise",
        WORKS,
    ),
    *(
        variants.told(
            f"a function with {name}",
            put(PROCESSOR, f"Properties.Environment.Variables.{name}", "a"),
            "given-otherwise",
            says=says,
        )
        for name, says in GIVEN.items()
    ),
    variants.settings(
        PROCESSOR,
        {
            "records that go to another table": ("Environment.Variables.TABLE_NAME", "elsewhere"),
            "records of the other region": ("Environment.Variables.REGION", "eu-west-1"),
        },
        "given-otherwise",
    ),
    variants.settings(
        PROCESSOR,
        {
            "a function in a network": ("VpcConfig", {"SubnetIds": ["subnet-1"]}),
            "a function that never runs": ("ReservedConcurrentExecutions", 0),
            "a function that runs once at a time": ("ReservedConcurrentExecutions", 1),
            "a function of a frozen version": ("SnapStart", {"ApplyOn": "PublishedVersions"}),
            "a function on another machine": ("Architectures", ["x86_64"]),
            "a function on another machine, by its absence": ("Architectures", None),
            "a function on a shared disk": ("FileSystemConfigs", [{"Arn": "a"}]),
        },
        RUNS,
        WORKS,
    ),
    variants.settings(
        PROCESSOR,
        {
            "a function that runs longer": ("Timeout", 900),
            "a function on an old Python": ("Runtime", "python3.9"),
            "a function that begins elsewhere": ("Handler", "os.system"),
        },
        RUNS,
    ),
    variants.settings(
        PROCESSOR,
        {
            "less memory": ("MemorySize", 128),
            "less memory, as a text": ("MemorySize", "128"),
            "the default of memory": ("MemorySize", None),
            "a minute for a file": ("Timeout", 60),
        },
        "runs-with-less",
    ),
    variants.settings(
        ALIAS,
        {
            "a takeover by old code": ("FunctionVersion", "3"),
            "a takeover by two versions": (
                "RoutingConfig",
                {"AdditionalVersionWeights": [{"FunctionVersion": "3", "FunctionWeight": 1}]},
            ),
        },
        RUNS,
        WORKS,
    ),
    variants.told(
        "a file that is not begun again",
        _steps('"MaxAttempts": 8', '"MaxAttempts": 0'),
        "steps-changed",
    ),
    variants.told(
        "parts that may fail",
        _steps('"MaxConcurrency"', '"ToleratedFailurePercentage": 100, "MaxConcurrency"'),
        "steps-changed",
        says="ToleratedFailurePercentage",
    ),
    variants.told(
        "steps that end at once",
        _steps('"StartAt": "Begin"', '"StartAt": "Completed"'),
        "steps-changed",
    ),
    variants.told(
        "code from elsewhere",
        put(PROCESSOR, "Properties.Code", {"ZipFile": "print()"}),
        "other-code",
    ),
    variants.told(
        "code of another bucket",
        put(CONSUMER, "Properties.Code.S3Bucket", "elsewhere"),
        "other-code",
    ),
    *(
        variants.told(f"a {what} under another id", _moved(at), "replacement-collides")
        for what, at in (
            ("function", PROCESSOR),
            ("schedule", SCHEDULE),
            ("mapping", CHANGES),
            ("state machine", "LargeFiles/Machine"),
        )
    ),
    *(
        variants.told(
            f"a {what} under another id", _moved(at), "stateful-removed", says="is still taken"
        )
        for what, at in (
            ("bucket", "Ingestion/Bucket"),
            ("queue", "Processor/DeadLetters/Queue"),
            ("log group", "StreamConsumer/Service/Logs"),
            ("topic", "Alerts/Topic"),
        )
    ),
    variants.told(
        "a mapping that begins before its right to read",
        put(CHANGES, "DependsOn", None),
        "made-too-early",
    ),
    *(
        variants.told(f"another {name}", replace("cdk.json", old, new), "limit-changed", says=name)
        for name, old, new in LIMITS
    ),
    variants.told(
        "a canary every six hours",
        replace("cdk.json", '"canaryEveryMinutes": "5"', '"canaryEveryMinutes": "360"'),
        "canary-interval",
    ),
    variants.told(
        "packages for this machine",
        replace("cdk.json", '"bundlePlatform": "lambda"', '"bundlePlatform": "host"'),
        "bundles-for-elsewhere",
    ),
)
