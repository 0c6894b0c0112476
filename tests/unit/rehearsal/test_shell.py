import os
from pathlib import Path

import pytest

from local.rehearsal import shell
from local.rehearsal.errors import ActionError


def run(folder: Path, script: str, limit_s: float = 20) -> None:
    environment = {"PATH": os.environ["PATH"], "WORD": "hello"}
    log = folder / "log"
    shell.run(script, folder=folder, environment=environment, log=log, limit_s=limit_s)


def test_a_build_sees_its_own_environment_and_folder_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "mine")

    run(tmp_path, 'echo "$WORD ${SECRET-none} in $PWD"')

    assert (tmp_path / "log").read_text() == f"hello none in {tmp_path}\n"


def test_a_failed_build_says_how_it_ended_and_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(ActionError, match="build ended with 3") as caught:
        run(tmp_path, "echo bad luck >&2; exit 3")

    assert caught.value.tail == "bad luck"


def test_a_build_that_takes_too_long_is_ended_with_all_it_started(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "held")
    held = os.open(tmp_path / "held", os.O_RDONLY | os.O_NONBLOCK)

    with pytest.raises(ActionError, match=r"more than 0\.2 s"):
        run(tmp_path, "sleep 600 > held & wait", limit_s=0.2)

    os.set_blocking(held, True)
    assert os.read(held, 1) == b""  # nobody holds the other end any more
    os.close(held)
