"""What Lambda still does unlike AWS with a function."""

import datetime as dt
import json

from botocore.exceptions import ClientError

from local.clients import Clients
from local.probes.trial import FAILING, PATIENT_S, Trial, eventually, trial


def dead_letters_are_in_an_envelope(clients: Clients) -> bool:
    with trial(clients) as on:
        return "requestPayload" in json.loads(_dead_letter_of_a_failure(on) or "{}")


def asynchronous_errors_are_not_counted(clients: Clients) -> bool:
    with trial(clients) as on:
        _dead_letter_of_a_failure(on)
        dimension = {"Name": "FunctionName", "Value": on.name}
        now = dt.datetime.now(dt.UTC)
        found = on.client("cloudwatch").get_metric_statistics(
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
    with trial(clients) as on:
        _, arn = on.queue()
        function, stream = on.function(FAILING), on.stream()
        try:
            on.client("lambda").update_function_configuration(
                FunctionName=function, DeadLetterConfig={"TargetArn": arn}
            )
            on.mapping(function, stream, Enabled=False)
        except ClientError:
            return False
        return True


def embedded_metrics_stay_logs(clients: Clients) -> bool:
    with trial(clients) as on:
        directive = {"Namespace": on.name, "Dimensions": [[]], "Metrics": [{"Name": "probe"}]}
        line = json.dumps({"_aws": {"Timestamp": 0, "CloudWatchMetrics": [directive]}, "probe": 1})
        function = on.function(f"def handler(event, context):\n    print({line!r})\n")
        on.client("lambda").invoke(FunctionName=function)
        return not eventually(lambda: _has_metrics(on), PATIENT_S)


def runtimes_share_one_python(clients: Clients) -> bool:
    code = "import sys\ndef handler(event, context):\n    return sys.version\n"
    with trial(clients) as on:
        versions = {
            on.client("lambda")
            .invoke(FunctionName=on.function(code, runtime=runtime, suffix=f"-{runtime[-2:]}"))[
                "Payload"
            ]
            .read()
            for runtime in ("python3.13", "python3.14")
        }
        return len(versions) == 1


def _dead_letter_of_a_failure(on: Trial) -> str | None:
    """Invoke a failing function asynchronously and wait for what its dead-letter queue gets."""
    url, arn = on.queue()
    function, functions = on.function(FAILING), on.client("lambda")
    functions.update_function_configuration(
        FunctionName=function, DeadLetterConfig={"TargetArn": arn}
    )
    functions.put_function_event_invoke_config(FunctionName=function, MaximumRetryAttempts=0)
    functions.invoke(FunctionName=function, InvocationType="Event", Payload=b'{"probe": 1}')
    return on.message(url)


def _has_metrics(on: Trial) -> bool:
    return bool(on.client("cloudwatch").list_metrics(Namespace=on.name)["Metrics"])
