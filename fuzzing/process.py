"""The process of one fuzzer; or, given files, a run of the target's check on each of them."""

import os
import sys

import atheris

# What is imported in here tells the fuzzer which branches an input takes.
with atheris.instrument_imports(include=["services", "ops"], enable_loader_override=False):
    from fuzzing.targets import check_of

    check = check_of(sys.argv.pop(1))

if __name__ == "__main__":
    sys.argv[0] = os.environ.get("FUZZER", sys.argv[0])
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
