"""Patches of Lambda: where the emulator starts functions."""

import importlib
import os
from typing import Any

# Names the interpreter; functions' processes inherit it, like all variables of the emulator.
PYTHON_VARIABLE = "FUNCTIONS_PYTHON"


def run_on_their_own_python() -> None:
    """Start each Python function with the interpreter that ``FUNCTIONS_PYTHON`` names.

    The emulator takes the one that it runs on itself.
    """
    workers: Any = importlib.import_module("ministack.core.lambda_runtime")
    detect = workers._detect_runtime_binary  # noqa: SLF001

    def detected(runtime: str) -> tuple[str, str]:
        interpreter, script = detect(runtime)
        is_ours = runtime.startswith("python")
        return (os.environ[PYTHON_VARIABLE] if is_ours else interpreter), script

    workers._detect_runtime_binary = detected  # noqa: SLF001
