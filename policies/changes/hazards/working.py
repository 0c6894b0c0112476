"""The product as it works: what is read, how fast, who is told, and what is tried again."""

from policies.changes import class_conditions as conditions
from policies.changes.change_class import Files, Hazard, anywhere, properties
from policies.changes.differences import Difference
from policies.changes.documents import CDK_JSON

LAMBDA, CLOUDWATCH, EVENTS = "AWS::Lambda", "AWS::CloudWatch", "AWS::Events"
FUNCTION, MAPPING = f"{LAMBDA}::Function", f"{LAMBDA}::EventSourceMapping"
INVOKE, ALIAS, VERSION = (f"{LAMBDA}::{each}" for each in ("EventInvokeConfig", "Alias", "Version"))
ALARM, COMPOSITE = f"{CLOUDWATCH}::Alarm", f"{CLOUDWATCH}::CompositeAlarm"
RULE, BUS, SCHEDULE = f"{EVENTS}::Rule", f"{EVENTS}::EventBus", "AWS::Scheduler::Schedule"
MACHINE, KEY, KEY_ALIAS = "AWS::StepFunctions::StateMachine", "AWS::KMS::Key", "AWS::KMS::Alias"
QUEUE, TOPIC, SUBSCRIPTION = "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::SNS::Subscription"
LOG_GROUP, BUCKET, PERMISSION = "AWS::Logs::LogGroup", "AWS::S3::Bucket", f"{LAMBDA}::Permission"
WORKING = (FUNCTION, MAPPING, INVOKE, ALIAS, RULE, SCHEDULE, MACHINE, KEY_ALIAS, PERMISSION)


def _is_of_takeover(difference: Difference, _files: Files) -> bool:
    """Return whether the mapping is one that operators switch on; a new one can't be in use."""
    mapping = difference.owner
    is_off = mapping is not None and mapping.properties.get("Enabled") is False
    return is_off and bool(difference.where or difference.before)


HAZARDS = (
    Hazard(
        name="mapping-switched",
        why="a mapping that is off reads nothing, and two that are on read everything twice",
        where=properties("Enabled"),
        types=(MAPPING,),
        remedy="leave it to the operators' commands, which look at the other region first",
    ),
    Hazard(
        name="takeover-reset",
        why="an update disables the mapping that takes over from the peer and gives it its first "
        "filter again, even while it is in use",
        where=r"(Properties\..+)?",
        types=(MAPPING,),
        only=_is_of_takeover,
        remedy="leave the mapping as it was, or see that no takeover is under way when this is "
        "deployed (ops takeover), and switch it on again afterwards if one is",
    ),
    Hazard(
        name="failures-handled-otherwise",
        why="what fails may be tried less often or for another time, and is lost if nothing keeps"
        " it",
        where=anywhere(
            *("MaximumRetryAttempts", "MaximumRecordAgeInSeconds", "MaximumEventAgeInSeconds"),
            *("BisectBatchOnFunctionError", "FunctionResponseTypes", "DestinationConfig"),
            *("DeadLetterConfig", "RetryPolicy", "RedrivePolicy", "RedriveAllowPolicy"),
            "DeliveryPolicy",
        ),
        remedy="leave it as it was: two retries of a file, ten of a batch, six hours, and a queue "
        "that keeps what still fails",
    ),
    Hazard(
        name="reads-otherwise",
        why="a mapping that waits longer, reads less or elsewhere, or filters otherwise may "
        "publish changes late or never; after six hours they are given up",
        where=r"Properties\.(?!MetricsConfig|LoggingConfig|Tags).+",
        types=(MAPPING,),
        remedy="leave it as it was; stream-consumer-iterator-age shows only afterwards that it is "
        "slower",
    ),
    Hazard(
        name="delivered-otherwise",
        why="messages may come late or twice, be refused for their length, or reach nobody",
        where=anywhere(
            *("DelaySeconds", "VisibilityTimeout", "MaximumMessageSize", "FifoQueue"),
            *("ReceiveMessageWaitTimeSeconds", "ContentBasedDeduplication", "DeduplicationScope"),
            *("FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "ArchivePolicy"),
            *("ReplayPolicy", "DataProtectionPolicy", "FifoThroughputLimit", "FifoTopic"),
            "Subscription",
        ),
        types=(QUEUE, TOPIC, SUBSCRIPTION, LOG_GROUP),
        remedy="leave it at the service's default",
    ),
    Hazard(
        name="alarm-changed",
        why="people may be told of something else, later, or never",
        where=r"(Properties\.(?!AlarmDescription|Tags).+)?",
        types=(ALARM, COMPOSITE),
        only=conditions.was_there,
        remedy="look at the metric's history in the console: the alarm must fire for what its "
        "runbook describes, and not every day",
    ),
    Hazard(
        name="logs-changed",
        why="CloudWatch reads the functions' metrics from their logs, and people the cause of a "
        "failure",
        where=anywhere(
            *("LogGroupClass", "LoggingConfig", "LoggingConfiguration", "LogGroupName"),
            *("LogsConfig", "MetricsConfig", "MetricsConfigurations", "TracingConfig"),
            "TracingConfiguration",
        ),
        remedy="leave it as it was: class STANDARD, level INFO, every event",
    ),
    Hazard(
        name="key-changed",
        why="what a key encrypts can't be read while it is off, and is lost once it is deleted",
        where=r"Properties\.(?!Description|Tags|KeyPolicy).+",
        types=(KEY, KEY_ALIAS),
        remedy="leave it enabled and rotated",
    ),
    Hazard(
        name="trigger-changed",
        why="what it starts may no longer start, or may start at other times or for other events",
        where=r"Properties\.(?!Description|Tags|Policy\b).+",
        types=(RULE, SCHEDULE, BUS),
        remedy="leave it as it was; a canary that runs less often also needs its alarms changed",
    ),
    Hazard(
        name="trigger-changed",
        why="files that are processed today may no longer be, and others may",
        where=properties("NotificationConfiguration"),
        types=(BUCKET,),
        remedy="leave it as it was; another file ending is a row of services/processor",
    ),
    Hazard(
        name="steps-changed",
        why="large files may go through other steps: fewer retries, other limits, another end",
        where=properties(
            *("DefinitionString", "Definition", "DefinitionS3Location", "DefinitionSubstitutions"),
            "StateMachineType",
        ),
        types=(MACHINE,),
        remedy="make sure that files of every outcome still end as before; tests/e2e has one for "
        "each",
    ),
    Hazard(
        name="other-code",
        why="it isn't made from this commit's sources, so no reviewer has seen it",
        where=properties("Code", "ImageConfig", "PackageType", "CodeSigningConfigArn"),
        types=(FUNCTION,),
        only=conditions.is_not_from_source,
        remedy="change the source of the function",
    ),
    Hazard(
        name="runs-with-less",
        why="a file that fits today may never get through with less memory, disk or time",
        where=properties("MemorySize", "EphemeralStorage", "Timeout"),
        types=(FUNCTION,),
        only=conditions.is_less,
        remedy="leave it, or show by a benchmark that the largest file still gets through",
    ),
    Hazard(
        name="given-otherwise",
        why="a function finds its table, bucket, bus and peer by its variables; with others it "
        "works on something else, or not at all",
        where=properties("Environment"),
        types=(FUNCTION,),
        remedy="leave it, or make sure that what it names exists in this region and that its role "
        "allows it",
    ),
    Hazard(
        name="runs-otherwise",
        why="the function may run elsewhere, on another machine, for longer, or not at all",
        where=r"Properties\.(?!Code|Description|Tags|MemorySize|EphemeralStorage|Role\b).+",
        types=(FUNCTION, ALIAS, VERSION, INVOKE),
        remedy="leave it: outside a VPC, without a limit of its own, on what its packages are for, "
        "and with the time that queues and retries reckon with",
    ),
    Hazard(
        name="made-too-early",
        why="what it waited for, such as its right to read, may not be there yet",
        where="DependsOn",
        only=conditions.waits_for_less,
        remedy="keep the dependency",
    ),
    Hazard(
        name="type-changed",
        why="CloudFormation can't turn a resource into one of another type, so the deployment "
        "fails",
        where="Type",
        remedy="give the new one its own logical id, and say who does the old one's work",
    ),
    Hazard(
        name="part-removed",
        why="nobody does its work any longer",
        where="",
        types=WORKING,
        only=conditions.goes,
        remedy="leave it under its logical id, or say who does its work now",
    ),
    Hazard(
        name="bundles-for-elsewhere",
        why="packages for this machine don't start on AWS, so every function would fail",
        where=r"context\.bundlePlatform",
        document=CDK_JSON,
        remedy='leave it at "lambda"; the local cloud chooses its own by --context',
    ),
)
