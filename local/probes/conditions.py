"""Probes of IAM: what a policy asks about a request, and the emulator does not know."""

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from local.aws_isolation import ACCOUNT
from local.clients import Clients
from local.probes.scratch_resources import FAILING, Sandbox, sandbox
from naming import PRIMARY

CALLER = "lambda.amazonaws.com"


def tags_of_roles_are_not_known(clients: Clients) -> bool:
    with sandbox(clients) as box:
        role = box.role(CALLER)
        box.client("iam").tag_role(RoleName=box.name, Tags=[{"Key": "probe", "Value": "yes"}])
        box.allow("iam:GetRole", role, {"StringEquals": {"iam:ResourceTag/probe": "yes"}})
        return _is_denied(lambda: box.caller(role, "iam").get_role(RoleName=box.name))


def functions_of_mappings_are_not_known(clients: Clients) -> bool:
    with sandbox(clients) as box:
        mapping = box.mapping(box.function(FAILING), box.stream(), Enabled=False)
        function = f"arn:aws:lambda:{PRIMARY}:{ACCOUNT}:function:{box.name}"
        box.allow("lambda:*", "*", {"ArnEquals": {"lambda:FunctionArn": function}})
        caller = box.caller(_role(box), "lambda")
        return _is_denied(lambda: caller.get_event_source_mapping(UUID=mapping))


def aliases_of_keys_are_not_known(clients: Clients) -> bool:
    with sandbox(clients) as box:
        role, key = box.role(CALLER), box.key()
        aliases = {"kms:ResourceAliases": f"alias/{box.name}"}
        box.allow("kms:DescribeKey", "*", {"ForAnyValue:StringEquals": aliases})
        return _is_denied(lambda: box.caller(role, "kms").describe_key(KeyId=key))


def roles_of_sessions_are_not_known(clients: Clients) -> bool:
    with sandbox(clients) as box:
        role = box.role(CALLER)
        box.allow("s3:ListAllMyBuckets", "*", {"ArnEquals": {"aws:PrincipalArn": role}})
        return _is_denied(lambda: box.caller(role, "s3").list_buckets())


def leading_keys_are_not_known(clients: Clients) -> bool:
    with sandbox(clients) as box:
        role = box.role(CALLER)
        box.stream()
        keys = {"ForAnyValue:StringEquals": {"dynamodb:LeadingKeys": ["1"]}}
        box.allow("dynamodb:GetItem", "*", keys)
        caller = box.caller(role, "dynamodb")
        return _is_denied(lambda: caller.get_item(TableName=box.name, Key={"id": {"S": "1"}}))


def batches_have_actions_of_their_own(clients: Clients) -> bool:
    with sandbox(clients) as box:
        url, arn = box.queue()
        role = box.role(CALLER)
        box.allow("sqs:SendMessage", arn)
        entries = [{"Id": "1", "MessageBody": "probe"}]
        caller = box.caller(role, "sqs")
        return _is_denied(lambda: caller.send_message_batch(QueueUrl=url, Entries=entries))


def streams_are_not_known(clients: Clients) -> bool:
    with sandbox(clients) as box:
        stream, role = box.stream(), box.role(CALLER)
        box.allow("dynamodb:DescribeStream", stream)
        caller = box.caller(role, "dynamodbstreams")
        return _is_denied(lambda: caller.describe_stream(StreamArn=stream))


def listing_alarms_is_on_no_alarm(clients: Clients) -> bool:
    with sandbox(clients) as box:
        role = box.role(CALLER)
        box.allow("cloudwatch:DescribeAlarms", f"arn:aws:cloudwatch:{PRIMARY}:{ACCOUNT}:alarm:*")
        return _is_denied(lambda: box.caller(role, "cloudwatch").describe_alarms())


def roles_are_passed_to_stacks_by_anybody(clients: Clients) -> bool:
    with sandbox(clients) as box:
        role = box.role(CALLER)
        box.allow("cloudformation:*", "*")
        caller = box.caller(role, "cloudformation")
        template = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
        named = {"StackName": box.name, "RoleARN": role}
        denied = _is_denied(lambda: caller.create_stack(**named, TemplateBody=template))
        if not denied:
            box.client("cloudformation").delete_stack(StackName=box.name)
        return not denied


def _role(box: Sandbox) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{box.name}"


def _is_denied(call: Callable[[], Any]) -> bool:
    try:
        call()
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"AccessDenied", "AccessDeniedException"}:
            raise
        return True
    return False
