"""What each role may do, action by action: one more or one less is a decision, no accident."""

from typing import TypeAlias

import pytest

from tests.infra.stack import Stack, statements

PROCESSOR = "serverless-data-processor-{region}-prod"
WORKER = "serverless-large-file-worker-{region}-prod"
LARGE_FILES = "serverless-large-files-{region}-prod"
STARTER = "serverless-large-files-starter-{region}-prod"
CONSUMER = "serverless-stream-consumer-{region}-prod"
VERIFICATION = "serverless-verification-{region}-prod"
CANARY = "serverless-canary-{region}-prod"
SCHEDULE = "serverless-canary-schedule-{region}-prod"
# test_people.py has what they may do.
PEOPLE = ("serverless-operator-{region}-prod", "serverless-reader-{region}-prod")
LOOKUP = "serverless-stream-lookup-us-west-2-prod"
TABLE_ARN = "arn:aws:dynamodb:{region}:{account}:table/serverless-processed-data-prod"
INGESTION_BUCKETS = {
    "us-east-1": "serverless-data-ingestion-prod",
    "us-west-2": "serverless-data-ingestion-dr-prod",
}

Grants: TypeAlias = set[tuple[str, str]]
# The standby's verification lets the new access point lead to the primary.
ACCESS_POINT = "MultiRegionAccessPoint(serverless-ingestion-prod).Alias"
ROUTES = [
    (
        f"s3:{verb}MultiRegionAccessPointRoutes",
        f"arn:aws:s3::000000000000:accesspoint/{ACCESS_POINT}",
    )
    for verb in ("Get", "Submit")
]


def grants(stack: Stack, role_name: str) -> Grants:
    return {
        (action, resource)
        for policy in stack.all("AWS::IAM::Policy")
        if f"Role({role_name})" in policy.properties["Roles"]
        for statement in statements(policy.properties)
        if statement["Effect"] == "Allow" and "Condition" not in statement
        for action in statement["Action"]
        for resource in statement["Resource"]
    }


def all_of(actions: str, resource: str) -> Grants:
    return {(action, resource) for action in actions.split()}


@pytest.mark.parametrize(
    ("role", "function", "reads"),
    [
        (PROCESSOR, "serverless-data-processor-prod", "s3:GetObject s3:GetObjectVersion"),
        (WORKER, "serverless-large-file-worker-prod", "s3:GetObjectVersion"),
    ],
)
def test_what_processes_files_can_do_its_work_and_nothing_else(
    stack: Stack, role: str, function: str, reads: str
) -> None:
    granted = grants(stack, role.format(region=stack.region))

    assert granted == {
        *all_of(
            "logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents",
            f"LogGroup(/aws/lambda/{function}).Arn",
        ),
        *all_of(reads, f"arn:aws:s3:::{INGESTION_BUCKETS[stack.region]}/*"),
        *all_of(
            "dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem",
            TABLE_ARN.format(region=stack.region, account=stack.account),
        ),
        ("sqs:SendMessage", "Queue(serverless-data-processor-dlq-prod).Arn"),
    }


def test_the_state_machine_can_call_its_worker_and_nothing_else(stack: Stack) -> None:
    granted = grants(stack, LARGE_FILES.format(region=stack.region))

    states = f"arn:aws:states:{stack.region}:{stack.account}"
    executions = f"{states}:execution:serverless-large-files-prod/*"
    assert granted == {
        ("lambda:InvokeFunction", "Function(serverless-large-file-worker-prod).Arn"),
        ("sqs:SendMessage", "Queue(serverless-data-processor-dlq-prod).Arn"),
        ("states:StartExecution", f"{states}:stateMachine:serverless-large-files-prod"),
        *all_of("states:DescribeExecution states:StopExecution", executions),
    }


def test_an_event_can_start_the_state_machine_and_nothing_else(stack: Stack) -> None:
    granted = grants(stack, STARTER.format(region=stack.region))

    assert granted == {("states:StartExecution", "StateMachine(serverless-large-files-prod).Arn")}


@pytest.mark.parametrize(("role", "service"), [(LARGE_FILES, "states"), (STARTER, "events")])
def test_a_service_assumes_its_role_for_its_own_account_only(
    stack: Stack, role: str, service: str
) -> None:
    properties = stack.one("AWS::IAM::Role", role.format(region=stack.region)).properties

    assert properties["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": stack.account}},
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
        }
    ]


def test_the_stream_consumer_can_do_its_work_and_nothing_else(stack: Stack) -> None:
    stream = {
        "us-east-1": "GlobalTable(serverless-processed-data-prod).StreamArn",
        "us-west-2": "TableStreamArn().Table.LatestStreamArn",
    }[stack.region]

    granted = grants(stack, CONSUMER.format(region=stack.region))

    table_arn = TABLE_ARN.format(region=stack.region, account=stack.account)
    assert granted == {
        *all_of(
            "logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents",
            "LogGroup(/aws/lambda/serverless-stream-consumer-prod).Arn",
        ),
        *all_of(
            "dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator",
            stream,
        ),
        ("dynamodb:ListStreams", f"{table_arn}/stream/*"),
        ("events:PutEvents", "EventBus(serverless-data-events-prod).Arn"),
        ("sqs:SendMessage", "Queue(serverless-stream-consumer-failures-prod).Arn"),
    }


def test_the_stream_look_up_can_describe_the_table_and_nothing_else(standby: Stack) -> None:
    granted = grants(standby, LOOKUP)

    assert granted == {
        (
            "dynamodb:DescribeTable",
            TABLE_ARN.format(region="us-west-2", account=standby.account),
        ),
        *all_of(
            "logs:CreateLogStream logs:PutLogEvents",
            "LogGroup(/aws/lambda/serverless-stream-lookup-prod).Arn",
        ),
    }


def test_the_verification_role_can_verify_a_deployment_and_nothing_else(stack: Stack) -> None:
    granted = grants(stack, VERIFICATION.format(region=stack.region))

    alarms_arn = f"arn:aws:cloudwatch:{stack.region}:{stack.account}:alarm:*"
    assert granted == {
        ("s3:PutObject", f"arn:aws:s3:::{INGESTION_BUCKETS[stack.region]}/canary/*"),
        *(
            ("dynamodb:GetItem", TABLE_ARN.format(region=region, account=stack.account))
            for region in (stack.region, stack.peer_region)
        ),
        *all_of("sqs:ReceiveMessage sqs:DeleteMessage", "Queue(serverless-canary-events-prod).Arn"),
        ("cloudwatch:DescribeAlarms", alarms_arn),
        ("cloudwatch:GetMetricData", "*"),
        *(ROUTES if stack.region == "us-west-2" else ()),
    }


def test_the_canary_can_put_its_file_and_see_both_replicas_and_nothing_else(stack: Stack) -> None:
    granted = grants(stack, CANARY.format(region=stack.region))

    file = f"{INGESTION_BUCKETS[stack.region]}/canary/{stack.region}.json"
    assert granted == {
        *all_of(
            "logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents",
            "LogGroup(/aws/lambda/serverless-canary-prod).Arn",
        ),
        ("s3:PutObject", f"arn:aws:s3:::{file}"),
        *(
            ("dynamodb:GetItem", TABLE_ARN.format(region=region, account=stack.account))
            for region in (stack.region, stack.peer_region)
        ),
    }


def test_the_schedule_can_call_the_canary_and_nothing_else(stack: Stack) -> None:
    role = stack.one("AWS::IAM::Role", SCHEDULE.format(region=stack.region))

    [trust] = role.properties["AssumeRolePolicyDocument"]["Statement"]

    assert grants(stack, role.name) == {
        ("lambda:InvokeFunction", "Function(serverless-canary-prod).Arn")
    }
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": stack.account}}


def test_a_role_has_no_rights_beyond_its_policy(stack: Stack) -> None:
    for role in stack.all("AWS::IAM::Role"):
        rights = {"AssumeRolePolicyDocument", "PermissionsBoundary", "RoleName"}
        assert role.properties.keys() - {"Tags"} == rights, role


def test_no_role_can_do_more_than_the_boundary_allows(stack: Stack) -> None:
    boundary = f"iam::{stack.account}:policy/serverless-boundary-prod"
    for role in stack.all("AWS::IAM::Role"):
        assert boundary in str(role.properties["PermissionsBoundary"]), role


def test_only_lambda_assumes_a_functions_role(stack: Stack) -> None:
    for function in stack.all("AWS::Lambda::Function"):
        role_name = function.properties["Role"].removeprefix("Role(").removesuffix(").Arn")
        role = stack.one("AWS::IAM::Role", role_name)

        assert role.properties["AssumeRolePolicyDocument"]["Statement"] == [
            {
                "Action": "sts:AssumeRole",
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
            }
        ]


def test_only_the_pipelines_verifying_build_assumes_the_verification_role(stack: Stack) -> None:
    role = stack.one("AWS::IAM::Role", VERIFICATION.format(region=stack.region))

    account = f"arn:aws:iam::{stack.account}"
    verifier = f"{account}:role/serverless-verifier-{stack.region}-prod"
    assert role.properties["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Action": "sts:AssumeRole",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": [verifier]}},
            "Effect": "Allow",
            "Principal": {"AWS": f"{account}:root"},
        }
    ]


def test_every_policy_belongs_to_a_known_role(stack: Stack) -> None:
    owners = [owner for each in stack.all("AWS::IAM::Policy") for owner in each.properties["Roles"]]

    assert set(owners) == {str(role) for role in stack.all("AWS::IAM::Role")}
    assert not stack.all("AWS::IAM::ManagedPolicy")


def test_only_the_key_is_granted_by_wildcard_and_only_to_its_own_account(stack: Stack) -> None:
    wide = [
        (str(resource), statement["Principal"], sorted(statement["Action"]))
        for resource in stack.resources
        if str(resource)
        not in {f"Policy(Role({who.format(region=stack.region)}))" for who in PEOPLE}
        for statement in statements(resource.properties)
        if statement["Effect"] == "Allow"
        if statement["Action"] != ["cloudwatch:GetMetricData"]  # it takes no resource
        if "*" in statement["Resource"] or any("*" in action for action in statement["Action"])
    ]

    assert wide == [
        ("Key()", {"AWS": f"arn:aws:iam::{stack.account}:root"}, ["kms:*"]),
        (
            "Key()",
            {"Service": "cloudwatch.amazonaws.com"},
            ["kms:Decrypt", "kms:GenerateDataKey*"],
        ),
        (
            "Key()",
            {"Service": "events.amazonaws.com"},
            ["kms:Decrypt", "kms:GenerateDataKey*"],
        ),
    ]
