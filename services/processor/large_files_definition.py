"""The state machine for large files, in the Amazon States Language."""

from typing import Any

# If as many functions run as the account may have, a step waits half a day: others may take long.
# What a step raises is transient, or a killed process: it is done again, for some minutes.
RETRY = [
    {
        "ErrorEquals": ["Lambda.TooManyRequestsException"],
        "IntervalSeconds": 2,
        "BackoffRate": 2,
        "MaxDelaySeconds": 60,
        "MaxAttempts": 24 * 60,
        "JitterStrategy": "FULL",
    },
    {
        "ErrorEquals": ["States.ALL"],
        "IntervalSeconds": 2,
        "BackoffRate": 2,
        "MaxDelaySeconds": 60,
        "MaxAttempts": 8,
        "JitterStrategy": "FULL",
    },
]
CATCH = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "GiveUp"}]
# A little longer than the function may take.
STEP_TIMEOUT_S = 930

State = dict[str, Any]


def definition(worker_arn: str, letters_url: str, ranges_at_once: int) -> State:
    """Return the machine: rounds of ranges, until the file has ended or a letter is written.

    Its input is the ledger entry of the file. ``worker_arn`` is the function that does each step.
    """
    step = _Step(worker_arn)
    return {
        "StartAt": "Begin",
        "States": {
            "Begin": {"Type": "Pass", "Parameters": {"file.$": "$", "passes": 0}, "Next": "Plan"},
            "Plan": step("plan", "file", "passes") | {"Catch": CATCH, "Next": "StoreParts"},
            "StoreParts": _parts(step, ranges_at_once),
            "Finish": step("finish", "file", "round", "passes")
            | {"Catch": CATCH, "Next": "HasEnded"},
            "GiveUp": step("give_up", "file", "error") | {"Next": "HasEnded"},
            "HasEnded": _choice(COMPLETED="Completed", FAILED="Letter", MORE="Plan"),
            "Letter": _letter(letters_url),
            "Completed": {"Type": "Succeed"},
            "NotCompleted": {
                "Type": "Fail",
                "Error": "FileNotCompleted",
                "CausePath": "$.problem",
            },
        },
    }


class _Step:
    """Makes tasks that call the worker."""

    def __init__(self, worker_arn: str) -> None:
        self._worker_arn = worker_arn

    def __call__(self, step: str, *names: str) -> State:
        return {
            "Type": "Task",
            "Resource": self._worker_arn,
            "Parameters": {"step": step, **{f"{name}.$": f"$.{name}" for name in names}},
            "TimeoutSeconds": STEP_TIMEOUT_S,
            "Retry": RETRY,
        }


def _parts(step: _Step, ranges_at_once: int) -> State:
    more = {"Variable": "$.more", "BooleanEquals": True, "Next": "Store"}
    return {
        "Type": "Map",
        "Label": "Parts",
        "MaxConcurrency": ranges_at_once,
        "ItemsPath": "$.parts",
        "ItemSelector": {"file.$": "$.file", "round.$": "$.round", "part.$": "$$.Map.Item.Value"},
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "Store",
            "States": {
                "Store": step("store", "file", "round", "part") | {"Next": "HasMore"},
                "HasMore": {"Type": "Choice", "Choices": [more], "Default": "Stored"},
                "Stored": {"Type": "Pass", "Result": {}, "End": True},  # a thousand may be too long
            },
        },
        "ResultPath": None,  # what is stored is in the ledger
        "Catch": CATCH,
        "Next": "Finish",
    }


def _choice(**next_by_outcome: str) -> State:
    choices = [
        {"Variable": "$.outcome", "StringEquals": outcome, "Next": state}
        for outcome, state in next_by_outcome.items()
    ]
    return {"Type": "Choice", "Choices": choices}


def _letter(letters_url: str) -> State:
    """Return the task that writes the dead letter that the processor would have left."""
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {
            "QueueUrl": letters_url,
            "MessageBody.$": "$.letter",
            "MessageAttributes": {
                "ErrorMessage": {"DataType": "String", "StringValue.$": "$.problem"}
            },
        },
        "ResultPath": None,
        "Retry": RETRY,
        "Next": "NotCompleted",
    }
