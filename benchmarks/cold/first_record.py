"""A program: imports a function's handler, hands it an event, tells how long that took.

Its arguments are the module of the handler and the event; a module ``-`` imports nothing.
"""

import importlib
import json
import sys
import time


class Context:
    """Lambda's context object."""

    function_name = "function"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:region:000000000000:function:function"
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 900_000


def main(module: str, event: str) -> None:
    started_s = time.perf_counter()
    if module != "-":
        importlib.import_module(module).lambda_handler(json.loads(event), Context())
    wall_s = time.perf_counter() - started_s
    # Since the process began, so it includes the interpreter's own start.
    print(f"\n{json.dumps({'cpu_s': time.process_time(), 'wall_s': wall_s})}")


if __name__ == "__main__":
    main(*sys.argv[1:])
