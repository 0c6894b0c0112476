"""Faults of operation that would stay unseen, and secrets that anyone could read."""

from attacks.attack import (
    PIPELINE,
    PRIMARY,
    STACK,
    STANDBY,
    Attack,
    add,
    append,
    drop,
    put,
    replace,
)

# Put together here, so that this file holds no secret for a scanner to find.
KEY_ID = "AKIA" + "ABCDEFGH12345678"
PROCESSOR = "Processor/Service/Function"
SECRETS, LOST = "Project-no-plain-secrets", "Project-failures-kept"
PROTECTED = "Project-termination-protected"

ATTACKS = (
    Attack(
        "a function whose failures are lost",
        drop(PROCESSOR, "Properties.DeadLetterConfig"),
        by=LOST,
    ),
    Attack(
        "a stream whose failures are lost",
        drop("StreamConsumer/Changes", "Properties.DestinationConfig"),
        by=LOST,
    ),
    Attack(
        "a region that has drifted from the other",
        put(PROCESSOR, "Properties.MemorySize", 128, stacks=[STANDBY]),
        by="Project-region-parity",
        says="MemorySize",
        found_at=STACK,
    ),
    Attack(
        "a function without a timeout of its own",
        drop("StreamConsumer/Service/Function", "Properties.Timeout"),
        by="Project-working-settings",
    ),
    Attack(
        "a timeout that Lambda refuses",
        put(PROCESSOR, "Properties.Timeout", 901),
        by="Project-working-settings",
        says="901",
    ),
    Attack(
        "an output of another thing",
        put(STACK, "Outputs.TakeoverMappingId.Value", "0"),
        by="output-changed",
    ),
    Attack(
        "a function that sets itself off",
        put(PROCESSOR, "Properties.RecursiveLoop", "Allow"),
        by="runs-otherwise",
        says="may start it again and again",
    ),
    Attack(
        "a canary that asks for something else",
        put("Canary/Schedule", "Properties.Target.Input", '{"step": "rest"}'),
        by="input-changed",
    ),
    Attack(
        "large files that are named otherwise",
        put("LargeFiles/Rule", "Properties.Targets.Machine.InputPath", "$.detail"),
        by="input-changed",
        says="gets something else than it reads",
    ),
    Attack(
        "logs that are reported to somebody",
        put("StreamConsumer/Service/Logs", "Properties.DataProtectionPolicy", {"Statement": []}),
        by="sends-elsewhere",
        says="reported wherever it says",
    ),
    Attack(
        "logs that are kept for ever",
        drop("Processor/Service/Logs", "Properties.RetentionInDays"),
        by="Project-logs-kept",
        found_at=PROCESSOR,
    ),
    Attack(
        "any stream of a table",
        put(
            "StreamConsumer/Changes",
            "Properties.EventSourceArn",
            "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/*",
        ),
        by="Project-no-wildcard-streams",
    ),
    Attack(
        "an alarm on a metric that does not exist",
        put(
            "Watch/processor-dlq-depth",
            "Properties.MetricName",
            "ApproximateNumberOfVisibleMessages",
        ),
        by="Project-alarms-can-fire",
        says="ApproximateNumberOfVisibleMessages",
    ),
    Attack(
        "an alarm on a resource that does not exist",
        put("Watch/processor-throttles", "Properties.Dimensions.0.Value", "another-function"),
        by="Project-alarms-can-fire",
        says="another-function",
    ),
    Attack(
        "an export",
        put(
            STACK,
            "Outputs.Planted",
            {"Value": {"Ref": "AlertsTopic"}, "Export": {"Name": "planted"}},
        ),
        by="Project-plain-templates",
        found_at=STACK,
    ),
    Attack(
        "a stack that can be deleted at once",
        put(STACK, "TerminationProtection", value=False),
        by=PROTECTED,
    ),
    Attack(
        "a pipeline that can be deleted at once",
        put(STACK, "TerminationProtection", value=False, stacks=[PIPELINE]),
        by=PROTECTED,
    ),
    Attack(
        "a build that is root of its host",
        put(
            "Pipeline/UpdatePipeline/SelfMutation",
            "Properties.Environment.PrivilegedMode",
            value=True,
            stacks=[PIPELINE],
        ),
        by="Project-build-shape",
    ),
    Attack(
        "a secret that a function carries, by its name",
        put(PROCESSOR, "Properties.Environment.Variables.API_TOKEN", "hunter2"),
        by=SECRETS,
        says="API_TOKEN",
    ),
    Attack(
        "a secret that a function carries, by its value",
        put("StreamConsumer/Service/Function", "Properties.Environment.Variables.SETTING", KEY_ID),
        by=SECRETS,
        says="SETTING",
    ),
    Attack(
        "a secret that a build carries",
        append(
            "Pipeline/Pipeline/Build/Synth/CdkBuildProject",
            "Properties.Environment.EnvironmentVariables",
            {"Name": "DB_PASSWORD", "Value": "hunter2"},
            stacks=[PIPELINE],
        ),
        by="Project-build-shape",
    ),
    Attack(
        "a secret that the pipeline hands to a build",
        append(
            "Pipeline/Pipeline",
            "Properties.Stages.1.Actions.0.Configuration.EnvironmentVariables",
            {"name": "CLIENT_SECRET", "value": "hunter2", "type": "PLAINTEXT"},
            stacks=[PIPELINE],
        ),
        by="Project-build-shape",
    ),
    Attack(
        "alarms that are mailed to somebody else",
        put("PlantedMail", "Properties.Endpoint", "b@example.com", stacks=[PRIMARY]),
        on=add("PlantedMail", "AWS::SNS::Subscription", Endpoint="a@example.com"),
        by="alert-address",
        says="b@example.com",
    ),
    Attack(
        "alarms that are mailed to somebody else by the setting",
        replace("cdk.json", '"alertEmail": "', '"alertEmail": "stranger@example.net'),
        by="alert-address",
        says="stranger@example.net",
    ),
    Attack(
        "a topic with a name that CloudFormation doesn't know",
        put("Alerts/Topic", "Properties.TopicNme", "a", stacks=[PRIMARY]),
        by="cfn-lint-E3002",
        found_at="cdk.out/primary.template.json",
    ),
    Attack(
        "a topic that is neither in order nor out of it",
        put("Alerts/Topic", "Properties.FifoTopic", "perhaps", stacks=[PRIMARY]),
        by="cloudformation-validate-F3012",
        found_at="cdk.out/primary.template.json",
    ),
)
