"""The Lambda handler of the worker: carries out the step of the state machine that calls it."""

from collections.abc import Callable
from typing import Any

import msgspec

from services.aws_client.leaving import without_contents
from services.processor.runtime.errors import PermanentError, TransientError
from services.processor.runtime.handler import Context
from services.processor.runtime.large.states import Finish, GiveUp, Plan, Store, read_step
from services.processor.runtime.large.worker import LargeFiles
from services.processor.runtime.storage.deadline import Deadline

Steps = Callable[[object, Context], Any]


def make_steps(large_files: LargeFiles) -> Steps:
    """Return the function that Lambda calls with a step; what it returns is the next state."""

    def handle(event: object, context: Context) -> Any:  # noqa: ANN401  # JSON
        deadline = Deadline(context.get_remaining_time_in_millis)
        match read_step(event):
            case Plan() as step:
                answer: msgspec.Struct = large_files.plan(step, deadline)
            case Store() as step:
                answer = large_files.store(step, deadline)
            case Finish() as step:
                answer = large_files.finish(step, deadline)
            case GiveUp() as step:
                answer = large_files.give_up(step, deadline)
        return msgspec.to_builtins(answer)

    return without_contents(handle, (PermanentError, TransientError))
