"""Each part works from its first deployment on: a setting that would hinder it has no other value.

What is not set is the service's default, which is None here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import naming
from policies.finding import Finding, at
from policies.templates.global_table import GLOBAL_TABLE, SOURCE
from policies.templates.template import Resource, StackTemplate, as_text, resources

REMEDY = (
    "set what works: mostly the service's default, so leave it out, or else what it is elsewhere "
    "(policies/rules/working_settings.py); what must be otherwise has its reason in a row of "
    "policies/accepted/"
)
ON, UNLIMITED = True, (None, -1)
HOUR_S, LAMBDAS_LONGEST_S, SQS_USUAL_BYTES = 3_600, 21_600, 262_144
LONGEST_S = 900  # of an invocation
VARIABLES = "Environment.Variables"
LEVELS = " ".join(
    (
        *("LoggingConfig.ApplicationLogLevel", "LoggingConfig.SystemLogLevel"),
        *(f"{VARIABLES}.{of}LOG_LEVEL" for of in ("", "POWERTOOLS_", "AWS_LAMBDA_")),
    )
)

Fits: TypeAlias = Callable[[Any, Resource], bool]


def _one_of(*values: object) -> Fits:
    return lambda value, _: any(
        value is each or (value == each and each is not ON) for each in values
    )


def _at_least(least: int, *others: object) -> Fits:
    return lambda value, _: value in others or (isinstance(value, int) and value >= least)


def _without(*words: str) -> Fits:
    return lambda value, _: not any(word in as_text(value) for word in words)


def _of_streams(fits: Fits) -> Fits:
    return lambda value, of: "StartingPosition" not in of.properties or fits(value, of)


def _is_takeover(mapping: Resource) -> bool:
    return f":{naming.TAKEOVER_ALIAS}" in as_text(mapping.properties.get("FunctionName"))


def _is_on(value: object, mapping: Resource) -> bool:
    return value is False if _is_takeover(mapping) else value in (None, ON, "true")


def _reads_its_own(value: object, mapping: Resource) -> bool:
    own = mapping.stack.region
    read = {region for region in naming.REGIONS if region in as_text(value)}
    return read == ({*naming.REGIONS} - {own} if _is_takeover(mapping) else {own})


def _is_on_demand(value: object, table: Resource) -> bool:
    return value == "PAY_PER_REQUEST" or SOURCE in table.properties


def _is_for_packages(value: object, function: Resource) -> bool:
    return value == ["arm64"] or not str(function.properties.get("Runtime")).startswith("python")


def _is_within_lambdas(value: object, _: Resource) -> bool:
    return isinstance(value, int) and 0 < value <= LONGEST_S


_unset = _one_of(None)
# By type: places, which values work there, and what else happens.
SETTINGS: Mapping[str, Mapping[str, tuple[Fits, str]]] = {
    "AWS::Lambda::EventSourceMapping": {
        "Enabled": (_is_on, "one mapping reads, the other waits for a takeover"),
        "FilterCriteria": (
            _of_streams(_reads_its_own),
            "each change is published by one region, which is where it was first written",
        ),
        "MaximumBatchingWindowInSeconds TumblingWindowInSeconds ScalingConfig": (
            _one_of(None, 0),
            "changes wait before they are published",
        ),
        "BatchSize": (_of_streams(_at_least(10)), "changes are written faster than they are read"),
        "MaximumRetryAttempts": (
            _of_streams(_at_least(3, *UNLIMITED)),
            "a passing fault becomes a failure",
        ),
        "MaximumRecordAgeInSeconds": (
            _of_streams(_at_least(HOUR_S, *UNLIMITED)),
            "an outage of the bus becomes a failure of each change",
        ),
        "BisectBatchOnFunctionError": (
            _of_streams(_one_of(ON)),
            "one change that can't be published takes its batch with it",
        ),
        "FunctionResponseTypes": (
            _of_streams(_one_of(["ReportBatchItemFailures"])),
            "what was published is published again with what failed",
        ),
    },
    "AWS::Lambda::EventInvokeConfig": {
        "MaximumRetryAttempts": (_one_of(None, 2), "a passing fault becomes a failure"),
        "MaximumEventAgeInSeconds": (
            _one_of(None, LAMBDAS_LONGEST_S),
            "a file that waits while Lambda is busy is dropped",
        ),
    },
    "AWS::Lambda::Function": {
        "Timeout": (_is_within_lambdas, "work takes more than the default of 3 s, and at most 900"),
        "VpcConfig FileSystemConfigs ReservedConcurrentExecutions SnapStart": (
            _unset,
            "the function reaches nothing from there, or does not start",
        ),
        "Architectures": (_is_for_packages, "its packages are made for arm64"),
        LEVELS: (
            _one_of(None, "TRACE", "DEBUG", "INFO"),
            "its logs say nothing, and its metrics are lines of its logs",
        ),
        f"{VARIABLES}.POWERTOOLS_METRICS_DISABLED": (_unset, "its alarms see no metric"),
        " ".join(f"{VARIABLES}.POWERTOOLS_{of}" for of in ("LOGGER_LOG_EVENT", "DEBUG", "DEV")): (
            _unset,
            "what comes in is logged, with the contents of records",
        ),
    },
    "AWS::Lambda::Alias": {
        "FunctionVersion": (_one_of("$LATEST"), "a takeover runs old code"),
        "RoutingConfig ProvisionedConcurrencyConfig": (
            _unset,
            "it is for a fixed version, and a takeover runs the newest code",
        ),
    },
    "AWS::Logs::LogGroup": {
        "LogGroupClass": (
            _one_of(None, "STANDARD"),
            "CloudWatch takes no metrics from its lines",
        ),
    },
    "AWS::KMS::Key": {"Enabled": (_one_of(None, ON), "nothing that it encrypts can be read")},
    "AWS::SQS::Queue": {
        "DelaySeconds": (_one_of(None, 0), "each message comes late"),
        "MaximumMessageSize": (_at_least(SQS_USUAL_BYTES, None), "longer messages are refused"),
    },
    GLOBAL_TABLE: {
        "BillingMode": (_is_on_demand, "what is above a capacity is refused"),
        "WriteOnDemandThroughputSettings": (_unset, "what is above a cap is refused"),
        "Replicas GlobalSecondaryIndexes": (
            _without("Throughput", "INFREQUENT", "KEYS_ONLY"),
            "it serves less than its readers and writers need",
        ),
    },
    "AWS::S3::Bucket": {
        "VersioningConfiguration.Status": (
            _one_of("Enabled"),
            "overwritten and deleted objects are lost (versioned=True keeps them)",
        ),
        "LifecycleConfiguration IntelligentTieringConfigurations": (
            _without("Transition", "ARCHIVE"),
            "an archived file can't be read when it is processed again",
        ),
        "ObjectLockConfiguration": (_unset, "a file that was put by mistake stays for good"),
    },
    "AWS::Events::Rule": {"State": (_one_of(None, "ENABLED"), "it starts nothing")},
    "AWS::Scheduler::Schedule": {
        "State": (_one_of(None, "ENABLED"), "it starts nothing"),
        "StartDate EndDate": (_unset, "it starts nothing outside of them"),
    },
    "AWS::SNS::Subscription": {
        "FilterPolicy": (_unset, "people are not told of what it leaves out"),
    },
}


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for resource in resources(stacks, *SETTINGS):
        for places, (fits, why) in SETTINGS[resource.type].items():
            for place in places.split():
                value = _value(resource.properties, place)
                if not fits(value, resource):
                    is_ = "not set" if value is None else as_text(value)
                    yield at(resource, f"{place} is {is_}: {why}", exact=place)


def _value(part: Any, place: str) -> Any:  # JSON
    for key in place.split("."):
        part = part.get(key) if isinstance(part, dict) else None
    return part
