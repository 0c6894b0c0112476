"""A function's role has each right because something fails without it, and no other right."""

import pytest

from local.cloud import Cloud
from local.emulator_gaps import GAPS
from naming import REGIONS
from tests.e2e.functions import LOG_WRITES, STREAM_READS
from tests.e2e.operations import Operation, Operations
from tests.e2e.roles import DeniedError

# The calls of the functions' own code, and what needs them.
OWN = {
    ("processor", "s3:GetObject"): Operations.process_newest_version,
    ("processor", "s3:GetObjectVersion"): Operations.process_new_file,
    ("processor", "dynamodb:GetItem"): Operations.reprocess,
    ("processor", "dynamodb:PutItem"): Operations.process_new_file,
    ("processor", "dynamodb:UpdateItem"): Operations.process_new_file,
    **{
        ("worker", action): Operations.store_in_ranges
        for action in (
            *("s3:GetObjectVersion", "dynamodb:GetItem"),
            *("dynamodb:PutItem", "dynamodb:UpdateItem"),
        )
    },
    ("canary", "dynamodb:GetItem"): Operations.watch,
    ("canary", "s3:PutObject"): Operations.watch,
    ("consumer", "events:PutEvents"): Operations.announce,
}
# Lambda makes these calls itself, with the function's role, and the emulator checks none of them.
# So IAM is asked whether it would allow them, on the resources that Lambda is configured with.
OF_LAMBDA = {
    ("processor", "sqs:SendMessage"),
    *(("processor", action) for action in LOG_WRITES),
    *(("canary", action) for action in LOG_WRITES),
    ("worker", "sqs:SendMessage"),
    *(("worker", action) for action in LOG_WRITES),
    ("consumer", "sqs:SendMessage"),
    *(("consumer", action) for action in (*LOG_WRITES, *STREAM_READS)),
}
UNCHECKED = "rights-of-lambda"


@pytest.fixture(scope="module", params=REGIONS)
def operations(request: pytest.FixtureRequest, cloud: Cloud) -> Operations:
    return Operations(cloud, request.param)


@pytest.mark.parametrize(("owner", "action"), [*OWN, *sorted(OF_LAMBDA)])
def test_a_right_is_needed_and_there(operations: Operations, owner: str, action: str) -> None:
    operation = _operation(operations, owner, action)

    role, denial = operations.functions[owner].role, rf"\b{action}\b"
    with role.without(action), pytest.raises(DeniedError, match=denial):
        operation()
    operation()


def test_no_right_is_there_without_something_that_needs_it(operations: Operations) -> None:
    granted = {
        (owner, action)
        for owner, function in operations.functions.items()
        for action in function.role.actions()
    }

    assert granted == OWN.keys() | OF_LAMBDA


def test_the_calls_of_lambda_are_still_not_checked_by_the_emulator() -> None:
    caught_up = "take the calls of Lambda away for real and see them denied"
    assert UNCHECKED in {gap.name for gap in GAPS}, caught_up


def _operation(operations: Operations, owner: str, action: str) -> Operation:
    if prepare := OWN.get((owner, action)):
        return prepare(operations)
    return lambda: operations.functions[owner].check(action)
