"""What every command has in common: what it talks to, how it fails, how soon it answers."""

import errno
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    NoCredentialsError,
    ProfileNotFound,
    UnauthorizedSSOTokenError,
)

from ops import cli, connection

ROOT = Path(__file__).resolve().parents[3]


def denied(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "not so"}}, "Query")


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (NoCredentialsError(), "--profile"),
        (ProfileNotFound(profile="prd"), "aws configure list-profiles"),
        (UnauthorizedSSOTokenError(), "aws sso login"),
        (ConnectTimeoutError(endpoint_url="https://x"), "AWS_ENDPOINT_URL"),
        (denied("ExpiredTokenException"), "credentials are wrong or have expired"),
        (denied("AccessDeniedException"), "use a role that has this permission"),
        (denied("ResourceNotFoundException"), "ResourceNotFoundException"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "out.csv"), "out.csv"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "out.csv"), "free some space"),
        (OSError(errno.EACCES, os.strerror(errno.EACCES), "out.csv"), "belongs to another user"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_error_of_aws_or_the_machine_is_one_line_with_a_remedy_and_means_that_nothing_is_known(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    remedy: str,
) -> None:
    def connect(*_: object) -> None:
        raise error

    monkeypatch.setattr("ops.commands.items.connect", connect)

    assert cli.main(["items", "FAILED"]) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert remedy in line


class FakeSts:
    def __init__(self, endpoint: str, answer: object) -> None:
        self.meta = type("Meta", (), {"endpoint_url": endpoint})
        self._answer = answer

    def get_caller_identity(self) -> object:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    def client(self, service: str, region_name: str, **_: object) -> "FakeSts":
        assert (service, region_name) == ("sts", "us-west-2")
        return self


ME = {"Account": "123456789012", "Arn": "arn:aws:sts::123456789012:assumed-role/reader/ana"}


@pytest.mark.parametrize(
    ("endpoint", "answer", "output"),
    [
        (
            "https://sts.us-west-2.amazonaws.com",
            ME,
            "account 123456789012 as assumed-role/reader/ana in us-west-2 at AWS",
        ),
        (
            "https://127.0.0.1:4566",
            denied("AccessDenied"),
            "unknown account (STS denied the call) in us-west-2 at https://127.0.0.1:4566",
        ),
        (
            "https://127.0.0.1:4566",
            ConnectTimeoutError(endpoint_url="https://x"),
            "unknown account (STS does not answer) in us-west-2 at https://127.0.0.1:4566",
        ),
    ],
)
def test_a_command_says_which_account_region_and_endpoint_it_talks_to(
    endpoint: str, answer: object, output: str
) -> None:
    assert connection.describe(FakeSts(endpoint, answer), "us-west-2") == output


def test_credentials_that_are_not_accepted_stop_a_command_before_it_begins() -> None:
    with pytest.raises(ClientError):
        connection.describe(FakeSts("https://x", denied("InvalidClientTokenId")), "us-west-2")


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["items"], ["items", "FAILED", "--region", "x"]]
)
def test_a_command_that_is_not_understood_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert cli.main(arguments) == 3

    assert "Usage: ops" in capsys.readouterr().err


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert cli.main([name, "--help"]) == 0

    output = capsys.readouterr().out
    assert f"Usage: ops {name}" in output
    assert ("--json" in output) == (name != "console")  # which serves a page until it is stopped


@pytest.mark.parametrize("name", cli.COMMANDS)
@pytest.mark.parametrize("columns", ["40", "57", "80"])
def test_no_help_breaks_a_region_at_its_hyphen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)

    cli.main([name, "--help"])

    shown = capsys.readouterr().out
    assert "\N{NON-BREAKING HYPHEN}" not in shown
    assert not re.search(r"us-$|us-(east|west)-$", shown, re.MULTILINE)


def test_help_lists_every_command_with_examples_and_waits_for_no_sdk() -> None:
    program = "import sys; from ops import cli; cli.main(['-h']); print('boto3' in sys.modules)"

    output = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert all(f"  {name} " in output for name in cli.COMMANDS)
    assert "ops items FAILED" in output
    assert output.splitlines()[-1] == "False"


def test_an_interruption_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def connect(*_: Any) -> None:  # noqa: ANN401
        raise KeyboardInterrupt

    monkeypatch.setattr("ops.commands.items.connect", connect)

    assert cli.main(["items", "FAILED"]) == 130

    assert capsys.readouterr().err.strip() == "error: interrupted"
