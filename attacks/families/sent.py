"""Data and control sent to others, and code of others that runs in the place of ours."""

from attacks import variants
from attacks.attack import PIPELINE, PRIMARY, STANDBY, Attack, Plant, add, put

FUNCTION, BUCKET = "Processor/Service/Function", "Ingestion/Bucket"
STRANGER = "999988887777"
CODE, FOREIGN = "Project-only-our-code", "Project-no-foreign-accounts"
LAYER = f"arn:aws:lambda:us-east-1:{STRANGER}:layer:Extension:1"
OWN_LAYER = LAYER.replace(STRANGER, "000000000000")
STEERING = (
    *("AWS_LAMBDA_EXEC_WRAPPER", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_CA_BUNDLE"),
    *("LD_PRELOAD", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONSTARTUP", "NODE_OPTIONS", "PATH"),
    *("HTTPS_PROXY", "https_proxy", "SSL_CERT_FILE", "BASH_ENV", "REQUESTS_CA_BUNDLE"),
)
CODES: dict[str, object] = {
    "an image": {"ImageUri": "000000000000.dkr.ecr.us-east-1.amazonaws.com/mine:1"},
    "written in the template": {"ZipFile": "import os"},
    "from another bucket": {"S3Bucket": "serverless-mine-prod", "S3Key": f"{'a' * 64}.zip"},
    "under a name of its own": {
        "S3Bucket": "cdk-fileingest-assets-000000000000-us-east-1",
        "S3Key": "mine.zip",
    },
    "of an older version": {
        "S3Bucket": "cdk-fileingest-assets-000000000000-us-east-1",
        "S3Key": f"{'a' * 64}.zip",
        "S3ObjectVersion": "1",
    },
}
BESIDE: dict[str, tuple[str, object]] = {
    "a stranger's layer": ("Layers", [LAYER]),
    "a layer of this account": ("Layers", [OWN_LAYER]),
    "an image's entry point": ("ImageConfig", {"EntryPoint": ["sh"]}),
    "the kind of an image": ("PackageType", "Image"),
    "files of others": ("FileSystemConfigs", [{"LocalMountPath": "/mnt/a"}]),
    "a runtime of last year": ("RuntimeManagementConfig", {"UpdateRuntimeOn": "Manual"}),
}
# What is there already, and begins to hand something to somebody else.
TO_A_STRANGER: dict[str, tuple[str, str, object]] = {
    "a rule's target": (
        "Notices/Rule",
        "Targets.0.Arn",
        f"arn:aws:events:us-east-1:{STRANGER}:event-bus/theirs",
    ),
    "a schedule's target": (
        "Canary/Schedule",
        "Target.Arn",
        f"arn:aws:lambda:us-east-1:{STRANGER}:function:theirs",
    ),
    "an inventory": (
        BUCKET,
        "InventoryConfigurations",
        [{"Destination": {"BucketArn": "arn:aws:s3:::theirs", "Format": "CSV"}}],
    ),
    "an analysis": (
        BUCKET,
        "AnalyticsConfigurations",
        [{"StorageClassAnalysis": {"DataExport": {"BucketArn": "arn:aws:s3:::theirs"}}}],
    ),
    "a replication": (
        BUCKET,
        "ReplicationConfiguration",
        {"Rules": [{"Destination": {"Bucket": "arn:aws:s3:::theirs"}}]},
    ),
    "a replication to an account": (
        BUCKET,
        "ReplicationConfiguration",
        {"Rules": [{"Destination": {"Account": STRANGER}}]},
    ),
    "an alarm's action": (
        "Watch/processor-throttles",
        "AlarmActions",
        [f"arn:aws:sns:us-east-1:{STRANGER}:theirs"],
    ),
    "what fails": (
        FUNCTION,
        "DeadLetterConfig.TargetArn",
        f"arn:aws:sqs:us-east-1:{STRANGER}:theirs",
    ),
    "a queue's dead letters": (
        "Processor/Quarantine/Queue",
        "RedrivePolicy.deadLetterTargetArn",
        f"arn:aws:sqs:us-east-1:{STRANGER}:theirs",
    ),
}
NEW: dict[str, tuple[str, dict[str, object]]] = {
    "a log subscription": (
        "AWS::Logs::SubscriptionFilter",
        {"DestinationArn": {"Ref": "AlertsTopicCF7C81C9"}, "FilterPattern": ""},
    ),
    "a subscription": (
        "AWS::SNS::Subscription",
        {"Protocol": "sqs", "Endpoint": "arn"},
    ),
    "a rule": ("AWS::Events::Rule", {"EventPattern": {"source": [{"prefix": ""}]}}),
    "a pipe": ("AWS::Pipes::Pipe", {}),
    "a schedule": ("AWS::Scheduler::Schedule", {}),
    "a stream of metrics": ("AWS::CloudWatch::MetricStream", {}),
    "a delivery of logs": ("AWS::Logs::Delivery", {}),
    "a link to a monitoring account": ("AWS::Oam::Link", {}),
    "an access point": ("AWS::S3::AccessPoint", {"Bucket": {"Ref": "IngestionBucket3AECAE21"}}),
    "a second reader of the stream": ("AWS::Lambda::EventSourceMapping", {"FunctionName": "a"}),
    "a share": ("AWS::RAM::ResourceShare", {}),
    "an archive": ("AWS::Events::Archive", {}),
}
DOORS = (
    *("AWS::IAM::AccessKey", "AWS::IAM::SAMLProvider", "AWS::IAM::InstanceProfile"),
    *("AWS::RolesAnywhere::Profile", "AWS::Cognito::IdentityPoolRoleAttachment"),
    *("AWS::ApiGatewayV2::Api", "AWS::SSM::Association", "AWS::KMS::ReplicaKey"),
)


def _function(path: str, value: object) -> Plant:
    return put(FUNCTION, f"Properties.{path}", value, stacks=[PRIMARY])


ATTACKS = (
    *variants.attacks(
        "a function's code", CODES, lambda value: _function("Code", value), by=CODE, says="Code"
    ),
    *(
        Attack(f"a function with {what}", _function(*how), by=CODE, says=how[0])
        for what, how in BESIDE.items()
    ),
    *(
        Attack(
            f"a variable that steers the runtime, {name}",
            _function(f"Environment.Variables.{name}", "/opt/theirs"),
            by=CODE,
            says=name,
        )
        for name in STEERING
    ),
    Attack("a layer of our own", add("Planted", "AWS::Lambda::LayerVersion"), by=CODE),
    *(
        Attack(
            f"{what} that goes to a stranger",
            put(at, f"Properties.{path}", value, stacks=[PRIMARY]),
            by=FOREIGN,
        )
        for what, (at, path, value) in TO_A_STRANGER.items()
    ),
    *(
        Attack(
            f"{what} that is new",
            add("Planted", type_, stacks=[PRIMARY], **properties),
            by="sends-elsewhere",
        )
        for what, (type_, properties) in NEW.items()
    ),
    *(
        Attack(f"a way in, {type_}", add("Planted", type_, stacks=[PRIMARY]), by="lets-in")
        for type_ in DOORS
    ),
    *variants.attacks(
        "a subscription of a host",
        variants.text("https://theirs.example/hook"),
        lambda value: add(
            "Planted", "AWS::SNS::Subscription", Endpoint=value, Protocol="https", stacks=[PRIMARY]
        ),
        by=FOREIGN,
        says="host theirs.example",
    ),
    Attack(
        "a build that reports to a stranger",
        put(
            "Pipeline/Pipeline/Build/Synth/CdkBuildProject",
            "Properties.Environment.EnvironmentVariables.REPORTS.Value",
            "s3://theirs/reports",
            stacks=[PIPELINE],
        ),
        by=FOREIGN,
        says="bucket theirs",
    ),
    Attack(
        "a target of the app's own that was another",
        put(
            "Notices/Rule",
            "Properties.Targets.People.Arn",
            {"Fn::GetAtt": ["VerificationCanaryEvents211C0DA6", "Arn"]},
        ),
        by="sends-elsewhere",
    ),
    Attack(
        "access logs in another bucket",
        put(BUCKET, "Properties.LoggingConfiguration.DestinationBucketName", {"Ref": "Planted"}),
        by="sends-elsewhere",
    ),
    Attack(
        "a lookup that deletes the table",
        put(
            "Table/StreamArn/Resource/Default",
            "Properties.Delete",
            '{"action": "deleteTable"}',
            stacks=[STANDBY],
        ),
        by="custom-call",
        says="deleteTable",
    ),
)
