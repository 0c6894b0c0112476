import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.rehearsal.buildspec import Buildspec, run_script
from local.rehearsal.errors import ActionError, RehearsalError


@dataclass(frozen=True)
class Built:
    status: int
    output: list[str]
    exported: str


def build(folder: Path, phases: dict[str, list[str]], **more: object) -> Built:
    commands = {name: {"commands": commands} for name, commands in phases.items()}
    spec = Buildspec.parse(json.dumps({"version": "0.2", "phases": commands, **more}))
    exports = folder / "exports"
    result = subprocess.run(
        ["/bin/bash", "-c", spec.script(str(exports))],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line[1:] for line in result.stdout.splitlines() if line.startswith("+")]
    return Built(result.returncode, said, exports.read_text())


def test_phases_run_in_codebuilds_order_in_one_shell(tmp_path: Path) -> None:
    phases = {
        "build": ["echo +$WORD in $(basename $PWD)"],
        "install": ["WORD=hello", "mkdir deep && cd deep"],
    }

    assert build(tmp_path, phases) == Built(0, ["hello in deep"], "")


def test_a_failed_command_ends_its_phase_with_its_status(tmp_path: Path) -> None:
    built = build(tmp_path, {"build": ["echo +one", "(exit 3)", "echo +two"]})

    assert built == Built(3, ["one"], "")


def test_only_the_last_status_of_a_command_of_several_lines_counts(tmp_path: Path) -> None:
    assert build(tmp_path, {"build": ["false\necho +fine"]}) == Built(0, ["fine"], "")


def test_nothing_is_built_after_a_failed_installation(tmp_path: Path) -> None:
    built = build(tmp_path, {"install": ["false"], "build": ["echo +built"]})

    assert built == Built(1, [], "")


def test_post_build_follows_a_failed_build_and_does_not_mend_it(tmp_path: Path) -> None:
    built = build(tmp_path, {"build": ["false"], "post_build": ["echo +tidied"]})

    assert built == Built(1, ["tidied"], "")


def test_finally_is_run_after_a_failure(tmp_path: Path) -> None:
    spec = {
        "version": "0.2",
        "phases": {"install": {"commands": ["false"], "finally": ["touch swept"]}},
    }
    script = Buildspec.parse(json.dumps(spec)).script(str(tmp_path / "exports"))

    subprocess.run(["/bin/bash", "-c", script], cwd=tmp_path, check=False, capture_output=True)

    assert (tmp_path / "swept").exists()


def test_exported_variables_are_written_even_when_a_command_exits(tmp_path: Path) -> None:
    phases = {"build": ["CAKE='two\nlayers'", "exit 4"]}

    built = build(tmp_path, phases, env={"exported-variables": ["CAKE", "NONE"]})

    assert built == Built(4, [], "CAKE=two\nlayers\0NONE=\0")


@pytest.mark.parametrize(
    "more",
    [
        {"env": {"secrets-manager": {"TOKEN": "x"}}},
        {"artifacts": {"files": "**/*", "secondary-artifacts": {}}},
        {"batch": {}},
        {"phases": {"build": {"on-failure": "CONTINUE"}}},
        {"phases": {"deploy": {}}},
    ],
)
def test_what_codebuild_would_do_and_this_can_not_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(RehearsalError, match="can't rehearse"):
        Buildspec.parse(json.dumps({"version": "0.2", **more}))


def run_here(folder: Path, script: str, limit_s: float = 20) -> None:
    environment = {"PATH": os.environ["PATH"], "WORD": "hello"}
    log = folder / "log"
    run_script(script, folder=folder, environment=environment, log=log, limit_s=limit_s)


def test_a_build_sees_its_own_environment_and_folder_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "mine")

    run_here(tmp_path, 'echo "$WORD ${SECRET-none} in $PWD"')

    assert (tmp_path / "log").read_text() == f"hello none in {tmp_path}\n"


def test_a_failed_build_says_how_it_ended_and_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(ActionError, match="build ended with 3") as caught:
        run_here(tmp_path, "echo bad luck >&2; exit 3")

    assert caught.value.tail == "bad luck"


def test_a_build_that_takes_too_long_is_ended_with_all_it_started(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "held")
    held = os.open(tmp_path / "held", os.O_RDONLY | os.O_NONBLOCK)

    with pytest.raises(ActionError, match=r"more than 0\.2 s"):
        run_here(tmp_path, "sleep 600 > held & wait", limit_s=0.2)

    os.set_blocking(held, True)
    assert os.read(held, 1) == b""  # nobody holds the other end any more
    os.close(held)
