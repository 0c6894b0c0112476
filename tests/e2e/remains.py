"""What a failed deployment may leave: one thing of each type that the templates name."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from local.cloud import Cloud
from local.probes.scratch_resources import TRUST
from ops.preflight.plan import Named

NOTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}],
}
Client = Callable[[str], Any]


def make(cloud: Cloud, thing: Named) -> None:
    iam = cloud.client("iam", thing.site.region)
    with suppress(iam.exceptions.EntityAlreadyExistsException):
        iam.create_role(RoleName="none", AssumeRolePolicyDocument=json.dumps(TRUST))
    MAKERS[thing.type](lambda service: cloud.client(service, thing.site.region), thing)


def _role(client: Client, thing: Named) -> None:
    iam = client("iam")
    iam.create_role(RoleName=thing.name, AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.put_role_policy(RoleName=thing.name, PolicyName="own", PolicyDocument=json.dumps(NOTHING))
    iam.attach_role_policy(RoleName=thing.name, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")


def _policy(client: Client, thing: Named) -> None:
    iam = client("iam")
    made = iam.create_policy(PolicyName=thing.name, PolicyDocument=json.dumps(NOTHING))
    arn = made["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(NOTHING), SetAsDefault=True)
    iam.create_user(UserName="holder")
    iam.attach_user_policy(UserName="holder", PolicyArn=arn)


def _bucket(client: Client, thing: Named) -> None:
    s3 = client("s3")
    place = {"LocationConstraint": thing.site.region}
    s3.create_bucket(
        Bucket=thing.name,
        **({} if thing.site.region == "us-east-1" else {"CreateBucketConfiguration": place}),
    )
    s3.put_bucket_versioning(Bucket=thing.name, VersioningConfiguration={"Status": "Enabled"})
    for key in ("orders/a b+c.csv", 'quoted "ü".json'):
        s3.put_object(Bucket=thing.name, Key=key, Body=b"1")
        s3.put_object(Bucket=thing.name, Key=key, Body=b"2")
        s3.delete_object(Bucket=thing.name, Key=key)


def _function(client: Client, thing: Named) -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("main.py", "def handler(event, context): pass")
    client("lambda").create_function(
        FunctionName=thing.name,
        Runtime="python3.12",
        Handler="main.handler",
        Role=f"arn:aws:iam::{thing.site.account}:role/none",
        Code={"ZipFile": code.getvalue()},
    )
    client("sqs").create_queue(QueueName="feeding")
    client("lambda").create_event_source_mapping(
        FunctionName=thing.name,
        EventSourceArn=f"arn:aws:sqs:{thing.site.region}:{thing.site.account}:feeding",
    )


def _bus(client: Client, thing: Named) -> None:
    events = client("events")
    events.create_event_bus(Name=thing.name)
    rule = {"Name": "a-rule", "EventBusName": thing.name}
    events.put_rule(**rule, EventPattern='{"source": ["nobody"]}')
    target = {"Id": "1", "Arn": f"arn:aws:sqs:{thing.site.region}:{thing.site.account}:none"}
    events.put_targets(Rule="a-rule", EventBusName=thing.name, Targets=[target])


def _table(client: Client, thing: Named) -> None:
    client("dynamodb").create_table(
        TableName=thing.name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        DeletionProtectionEnabled=True,
    )
    client("dynamodb").update_table(
        TableName=thing.name, ReplicaUpdates=[{"Create": {"RegionName": "us-west-2"}}]
    )


def _queue(client: Client, thing: Named) -> None:
    url = client("sqs").create_queue(QueueName=thing.name)["QueueUrl"]
    client("sqs").send_message(QueueUrl=url, MessageBody="a dead letter")


def _alarm(client: Client, thing: Named) -> None:
    client("cloudwatch").put_metric_alarm(
        AlarmName=thing.name,
        Namespace="n",
        MetricName="m",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )


def _schedule(client: Client, thing: Named) -> None:
    here = f"{thing.site.region}:{thing.site.account}"
    client("scheduler").create_schedule(
        Name=thing.name,
        ScheduleExpression="rate(30 days)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            "Arn": f"arn:aws:sqs:{here}:none",
            "RoleArn": f"arn:aws:iam::{thing.site.account}:role/none",
        },
    )


def _machine(client: Client, thing: Named) -> None:
    client("stepfunctions").create_state_machine(
        name=thing.name,
        definition='{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}',
        roleArn=f"arn:aws:iam::{thing.site.account}:role/none",
    )


def _project(client: Client, thing: Named) -> None:
    client("codebuild").create_project(
        name=thing.name,
        source={"type": "NO_SOURCE", "buildspec": "version: 0.2"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "none",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        serviceRole=f"arn:aws:iam::{thing.site.account}:role/none",
    )


def _alias(client: Client, thing: Named) -> None:
    key = client("kms").create_key(Description="somebody else's")["KeyMetadata"]["KeyId"]
    client("kms").create_alias(AliasName=thing.name, TargetKeyId=key)


def _access_point(client: Client, thing: Named) -> None:
    place = {"LocationConstraint": thing.site.region}
    client("s3").create_bucket(Bucket="behind-it", CreateBucketConfiguration=place)
    client("s3control").create_multi_region_access_point(
        AccountId=thing.site.account,
        Details={"Name": thing.name, "Regions": [{"Bucket": "behind-it"}]},
    )


def _by(service: str, method: str, argument: str, **more: str) -> Callable[[Client, Named], None]:
    def make_it(client: Client, thing: Named) -> None:
        getattr(client(service), method)(**{argument: thing.name}, **more)

    return make_it


MAKERS: Mapping[str, Callable[[Client, Named], None]] = {
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::Dashboard": _by(
        "cloudwatch", "put_dashboard", "DashboardName", DashboardBody='{"widgets": []}'
    ),
    "AWS::CodeBuild::Project": _project,
    "AWS::DynamoDB::GlobalTable": _table,
    "AWS::Events::EventBus": _bus,
    "AWS::IAM::ManagedPolicy": _policy,
    "AWS::IAM::Role": _role,
    "AWS::KMS::Alias": _alias,
    "AWS::Lambda::Function": _function,
    "AWS::Logs::LogGroup": _by("logs", "create_log_group", "logGroupName"),
    "AWS::S3::Bucket": _bucket,
    "AWS::S3::MultiRegionAccessPoint": _access_point,
    "AWS::SNS::Topic": _by("sns", "create_topic", "Name"),
    "AWS::SQS::Queue": _queue,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::StepFunctions::StateMachine": _machine,
}
