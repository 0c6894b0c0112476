"""Lambda's Python is the current one, one on PATH or one that uv manages, and else said to lack."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services import bundling, lambda_python
from services.lambda_python import FUNCTIONS_PYTHON, version
from tests.bundles.lambda_runtime import ROOT

NEXT = "3.99"  # a version that no machine has


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder at the front of ``PATH``, where Lambda's Python is 3.99 and uv finds none."""
    monkeypatch.setattr(lambda_python, "LAMBDA_PYTHON", NEXT)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def find() -> Path | None:
    return lambda_python.lambda_python.__wrapped__()


def command(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_the_current_interpreter_is_taken_if_it_has_lambda_s_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    current = ".".join(str(part) for part in sys.version_info[:2])
    monkeypatch.setattr(lambda_python, "LAMBDA_PYTHON", current)

    assert find() == Path(sys.executable)


def test_one_on_path_is_found_with_its_library_although_a_link_leads_to_it(folder: Path) -> None:
    (folder / f"python{NEXT}").symlink_to(sys.executable)

    assert find() == Path(sys.executable).resolve()


def test_a_stand_in_with_nothing_behind_it_is_passed_over(folder: Path) -> None:
    command(folder / f"python{NEXT}", "echo 'version not installed' >&2; exit 127")

    assert find() is None


def test_one_that_uv_manages_is_found_and_none_is_downloaded(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = command(folder / "uv", f'echo "$@" > {folder}/asked; echo /managed/python')
    monkeypatch.setattr(lambda_python, "uv", lambda: uv)

    assert find() == Path("/managed/python")
    asked = (folder / "asked").read_text().split()
    assert asked == ["python", "find", "--no-python-downloads", f"cpython@{NEXT}"]


def test_a_machine_without_uv_has_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lambda_python, "uv", lambda: folder / "nowhere")

    assert find() is None


def test_the_command_prints_one_that_works_in_any_case() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "services.lambda_python"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    [line] = shown.stdout.splitlines()
    assert version(Path(line)).startswith("cpython-3")


@pytest.mark.usefixtures("folder")
def test_a_machine_without_it_is_told_once_what_that_means_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bundling, "lambda_python", find)

    bundling.prepare()

    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert f"here functions run on {version(FUNCTIONS_PYTHON).split()[1]}" in err
    assert "put python3.14 on PATH" in err


def test_the_functions_environment_has_the_same_python_as_its_tests() -> None:
    tests = ROOT / ".unit-venv" / "bin" / "python"

    assert version(FUNCTIONS_PYTHON) == version(tests)
