"""What event source mappings still do unlike AWS with failures."""

from local.clients import Clients
from local.probes.trial import FAILING, PATIENT_S, Trial, eventually, trial


def partial_batches_count_as_done(clients: Clients) -> bool:
    failed = "{'itemIdentifier': event['Records'][0]['dynamodb']['SequenceNumber']}"
    code = f"def handler(event, context):\n    return {{'batchItemFailures': [{failed}]}}\n"
    with trial(clients) as on:
        response_types = ["ReportBatchItemFailures"]
        mapping = on.mapping(on.function(code), on.stream(), FunctionResponseTypes=response_types)
        eventually(lambda: _result(on, mapping) not in ("", "No records processed"))
        return _result(on, mapping).startswith("OK")


def stream_retries_have_no_limit(clients: Clients) -> bool:
    with trial(clients) as on:
        url, arn = on.queue()
        on.mapping(
            on.function(FAILING),
            on.stream(),
            MaximumRetryAttempts=0,
            DestinationConfig={"OnFailure": {"Destination": arn}},
        )
        return on.message(url, PATIENT_S) is None


def _result(on: Trial, mapping: str) -> str:
    found = on.client("lambda").get_event_source_mapping(UUID=mapping)
    return str(found.get("LastProcessingResult", ""))
