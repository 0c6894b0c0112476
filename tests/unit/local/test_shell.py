import os
import subprocess
from pathlib import Path

from local import shell
from local.aws_isolation import client_variables
from local.cloud_state import StateFolder

VARIABLES = {"AWS_ENDPOINT_URL": "https://127.0.0.1:4566", "NAME": 'it\'s "one" word; $HOME'}


def test_the_clouds_commands_come_first_once_however_often_it_is_asked(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)

    once = shell.search_path(folder, "/opt/bin:/usr/bin:/bin")

    assert once == f"{folder.commands}:/opt/bin:/usr/bin:/bin"
    assert shell.search_path(folder, f"/later/venv/bin:{once}") == once.replace(
        "/opt/bin", "/later/venv/bin:/opt/bin"
    )


def test_another_clouds_commands_are_replaced(tmp_path: Path) -> None:
    first, second = StateFolder(tmp_path / "first"), StateFolder(tmp_path / "second")

    path = shell.search_path(second, shell.search_path(first, "/usr/bin"))

    assert path == f"{second.commands}:/usr/bin"


def test_a_shell_reads_exactly_the_values_and_forgets_what_else_is_about_aws() -> None:
    lines = "\n".join(shell.lines(VARIABLES, {"AWS_PROFILE": "prod", "AWS_ENDPOINT_URL": "x"}))

    read = subprocess.run(
        ["sh", "-c", f'{lines}\nprintf %s "$AWS_ENDPOINT_URL|$NAME|$AWS_PROFILE"'],
        env={"PATH": os.defpath, "AWS_PROFILE": "prod", "AWS_ENDPOINT_URL": "x"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert read.stdout == f"{VARIABLES['AWS_ENDPOINT_URL']}|{VARIABLES['NAME']}|"


def test_a_client_that_knows_no_endpoint_gets_no_further_than_this_machine() -> None:
    variables = client_variables("https://127.0.0.1:4566", Path("/ca.pem"))
    ask = "import urllib.request as r; r.urlopen('{}://sqs.us-east-1.amazonaws.com', timeout=5)"

    for scheme in ("http", "https"):
        asked = subprocess.run(
            ["python3", "-c", ask.format(scheme)],
            env={**variables, "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
        assert asked.returncode == 1
        # The name of the proxy resolves to this machine, or not at all.
        assert asked.stderr.rstrip().endswith(
            (
                "Connection refused>",
                "service not known>",
                "nodename nor servname provided>",
                "name resolution>",
            )
        )
