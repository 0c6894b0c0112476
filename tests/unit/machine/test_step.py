import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from machine import step

ROOT = Path(__file__).resolve().parents[3]


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_step_says_what_it_does_how_long_it_took_and_how_large_the_folder_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = step.run(
        "packages", tmp_path, python(f"open('{tmp_path}/x', 'wb').write(b'x' * 3000000)")
    )

    first, last = capsys.readouterr().out.splitlines()
    assert code == 0
    assert first == "set-up: packages"
    assert last.endswith(f"s; {tmp_path}: 3 MB")


def test_what_a_tool_chatters_is_only_shown_if_it_is_a_note(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    step.run("packages", tmp_path, python("print('Collecting x'); print('note: no Python 3.14')"))

    printed = capsys.readouterr().out
    assert "note: no Python 3.14" in printed
    assert "Collecting" not in printed


def test_a_failure_shows_the_tools_own_error_its_cause_and_how_to_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    says = "\\n".join(["looking for x"] * 50 + ["npm error code EAI_AGAIN", "npm error ", "bye"])

    code = step.run("packages", tmp_path, python(f"print('{says}'); raise SystemExit(7)"))

    *shown, last = capsys.readouterr().err.splitlines()
    assert code == 1
    assert shown == ["  | npm error code EAI_AGAIN"]
    assert last.startswith("error: set-up failed at packages: the package index cannot be reached")
    assert last.endswith("run the same make again: what is complete is not done twice.")


def test_files_that_were_cut_off_are_a_failure_although_the_tool_says_it_succeeded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    says = "npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write"

    assert step.run("packages", tmp_path, python(f"print('{says}')")) == 1
    assert "is full" in capsys.readouterr().err


def test_a_failure_of_an_unknown_kind_shows_the_last_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    step.run("packages", tmp_path, python("print(*range(30), sep='\\n'); raise SystemExit(1)"))

    shown = capsys.readouterr().err.splitlines()
    assert shown[-2] == "  | 29"
    assert "the lines above say why" in shown[-1]


def test_a_full_disk_is_noticed_even_if_the_tool_does_not_name_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=4096))

    step.run("environment", tmp_path, python("raise SystemExit('exit status 1 of ensurepip')"))

    assert "is full" in capsys.readouterr().err


def test_a_tool_that_is_killed_has_probably_met_the_end_of_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    step.run("packages", tmp_path, python("import os; os.kill(os.getpid(), 9)"))

    assert "memory has run out" in capsys.readouterr().err


@pytest.mark.parametrize("program", ["no-such-program", "/etc/hostname"])
def test_a_program_that_cannot_be_run_is_no_traceback(
    program: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert step.run("packages", tmp_path, [program]) == 1
    assert program in capsys.readouterr().err


def test_output_in_any_encoding_and_colour_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    says = r"b'\xff\x1b[31merror\x1b[0m: No space left\n'"

    step.run("x", tmp_path, python(f"import os; os.write(1, {says}); raise SystemExit(1)"))

    assert "error: No space left" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_step_ends_its_tool_and_fails(
    number: signal.Signals, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    tool = f"import os, signal; open('{begun}', 'w').write(str(os.getpid())); signal.pause()"

    with subprocess.Popen(
        [sys.executable, "-m", "machine.step", "packages", tmp_path, *python(tool)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        pid = int(begun.read_text())
        process.send_signal(number)
        _, said = process.communicate(timeout=30)

    assert process.returncode == step.INTERRUPTED
    assert said.startswith("interrupted: packages. Then run the same make again")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_long_step_says_that_it_still_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "TELL_EVERY_S", 0.01)

    assert step.run("packages", tmp_path, python("sum(range(3_000_000))")) == 0
    assert "s so far: packages" in capsys.readouterr().out
