"""Probes of Lambda: invocations, and event source mappings with failures."""

import base64
import datetime as dt
import json

from botocore.exceptions import ClientError

from local.clients import Clients
from local.probes.scratch_resources import ABSENCE_S, FAILING, LIMIT_S, Sandbox, sandbox
from ops.waiting import find_within


def dead_letters_are_in_an_envelope(clients: Clients) -> bool:
    with sandbox(clients) as box:
        return "requestPayload" in json.loads(_dead_letter_of_a_failure(box) or "{}")


def asynchronous_errors_are_not_counted(clients: Clients) -> bool:
    with sandbox(clients) as box:
        _dead_letter_of_a_failure(box)
        dimension = {"Name": "FunctionName", "Value": box.name}
        now = dt.datetime.now(dt.UTC)
        found = box.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName="Errors",
            Dimensions=[dimension],
            StartTime=now - dt.timedelta(minutes=5),
            EndTime=now + dt.timedelta(minutes=5),
            Period=600,
            Statistics=["Sum"],
        )
        return not any(point["Sum"] for point in found["Datapoints"])


def rights_of_lambda_are_not_checked(clients: Clients) -> bool:
    with sandbox(clients) as box:
        _, arn = box.queue()
        function, stream = box.function(FAILING), box.stream()
        try:
            box.client("lambda").update_function_configuration(
                FunctionName=function, DeadLetterConfig={"TargetArn": arn}
            )
            box.mapping(function, stream, Enabled=False)
        except ClientError:
            return False
        return True


def embedded_metrics_stay_logs(clients: Clients) -> bool:
    with sandbox(clients) as box:
        directive = {"Namespace": box.name, "Dimensions": [[]], "Metrics": [{"Name": "probe"}]}
        line = json.dumps({"_aws": {"Timestamp": 0, "CloudWatchMetrics": [directive]}, "probe": 1})
        function = box.function(f"def handler(event, context):\n    print({line!r})\n")
        box.client("lambda").invoke(FunctionName=function)
        return not find_within(lambda: _has_metrics(box), limit_s=ABSENCE_S)


def runtimes_share_one_python(clients: Clients) -> bool:
    code = "import sys\ndef handler(event, context):\n    return sys.version\n"
    with sandbox(clients) as box:
        versions = {
            box.client("lambda")
            .invoke(FunctionName=box.function(code, runtime=runtime, suffix=f"-{runtime[-2:]}"))[
                "Payload"
            ]
            .read()
            for runtime in ("python3.13", "python3.14")
        }
        return len(versions) == 1


def last_lines_are_missing(clients: Clients) -> bool:
    last = b"the last line"
    # Faster than they can be read: into a pipe of the largest size.
    code = (
        "import fcntl, os\ndef handler(event, context):\n"
        "    fcntl.fcntl(2, fcntl.F_SETPIPE_SZ, 1 << 20)\n"
        f"    os.write(2, b'.\\n' * (1 << 18) + {last!r} + b'\\n')\n"
    )
    with sandbox(clients) as box:
        functions = box.client("lambda")
        ended = functions.invoke(FunctionName=box.function(code), LogType="Tail")
        return last not in base64.b64decode(ended["LogResult"])


def partial_batches_count_as_done(clients: Clients) -> bool:
    failed = "{'itemIdentifier': event['Records'][0]['dynamodb']['SequenceNumber']}"
    code = f"def handler(event, context):\n    return {{'batchItemFailures': [{failed}]}}\n"
    with sandbox(clients) as box:
        response_types = ["ReportBatchItemFailures"]
        mapping = box.mapping(
            box.function(code), box.stream(), FunctionResponseTypes=response_types
        )
        find_within(
            lambda: _result(box, mapping) not in ("", "No records processed"), limit_s=LIMIT_S
        )
        return _result(box, mapping).startswith("OK")


def stream_retries_have_no_limit(clients: Clients) -> bool:
    with sandbox(clients) as box:
        url, arn = box.queue()
        box.mapping(
            box.function(FAILING),
            box.stream(),
            MaximumRetryAttempts=0,
            DestinationConfig={"OnFailure": {"Destination": arn}},
        )
        return box.message(url, ABSENCE_S) is None


def _dead_letter_of_a_failure(box: Sandbox) -> str | None:
    """Invoke a failing function asynchronously and wait for its dead letter."""
    url, arn = box.queue()
    function, functions = box.function(FAILING), box.client("lambda")
    functions.update_function_configuration(
        FunctionName=function, DeadLetterConfig={"TargetArn": arn}
    )
    functions.put_function_event_invoke_config(FunctionName=function, MaximumRetryAttempts=0)
    functions.invoke(FunctionName=function, InvocationType="Event", Payload=b'{"probe": 1}')
    return box.message(url)


def _has_metrics(box: Sandbox) -> bool:
    return bool(box.client("cloudwatch").list_metrics(Namespace=box.name)["Metrics"])


def _result(box: Sandbox, mapping: str) -> str:
    found = box.client("lambda").get_event_source_mapping(UUID=mapping)
    return str(found.get("LastProcessingResult", ""))
