import sys
from types import ModuleType

import pytest

from local.emulator_patches.functions import PYTHON_VARIABLE, run_on_their_own_python

WORKERS = "ministack.core.lambda_runtime"


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A stand-in for the emulator's module that starts the processes of functions."""
    module = ModuleType(WORKERS)
    known = {"python3.14": ("/emulator/python", "worker.py"), "nodejs24.x": ("node", "worker.js")}
    module._detect_runtime_binary = lambda runtime: known.get(runtime, ("", ""))  # type: ignore[attr-defined]  # noqa: SLF001
    for name in ("ministack", "ministack.core"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, WORKERS, module)
    return module


@pytest.mark.parametrize(
    ("runtime", "started"),
    [
        ("python3.14", ("/lambda/python", "worker.py")),
        ("nodejs24.x", ("node", "worker.js")),
        ("java25", ("", "")),
    ],
)
def test_python_functions_alone_get_another_interpreter(
    workers: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    runtime: str,
    started: tuple[str, str],
) -> None:
    monkeypatch.setenv(PYTHON_VARIABLE, "/lambda/python")

    run_on_their_own_python()

    assert workers._detect_runtime_binary(runtime) == started  # noqa: SLF001
