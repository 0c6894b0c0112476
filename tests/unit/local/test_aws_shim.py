import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from local import aws_shim, shell
from local.cloud_state import StateFolder

HERE = "https://127.0.0.1:4566"
AWS = "https://sqs.us-east-1.amazonaws.com"
ENVIRON = {"AWS_ENDPOINT_URL": HERE, "AWS_REGION": "us-east-1"}
ACCESS_POINT = "arn:aws:s3::000000000000:accesspoint/mhx1.mrap"


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    folder = StateFolder(tmp_path / "a cloud's folder")
    folder.run.mkdir(parents=True)
    shell.install(folder)
    return folder


def installed(place: Path, version: str) -> Path:
    """An ``aws`` that says which version it is, or what it was called with."""
    place.mkdir(exist_ok=True)
    program = place / "aws"
    program.write_text(f'#!/bin/sh\n[ "$*" = --version ] && echo "{version}" || echo "ran: $*"\n')
    program.chmod(0o755)
    return place


def run(
    folder: StateFolder, path: str, *arguments: str, environ: Mapping[str, str] = ENVIRON
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["aws", *arguments],
        env={**environ, "PATH": shell.search_path(folder, f"{path}:{os.defpath}")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "version",
    [
        "aws-cli/1.22.34 Python/3.10.12 Linux/5.15.0 botocore/1.23.34",
        "aws-cli/1.28.99 Python/3.8",
        "aws-cli/2.12.7 Python/3.11.4 Linux/5 exe/x86_64",
        "a wrapper of somebody's",
    ],
)
def test_an_aws_that_ignores_the_endpoint_is_not_run_and_its_remedy_named(
    version: str, folder: StateFolder, tmp_path: Path
) -> None:
    path = str(installed(tmp_path / "bin", version))

    ended = run(folder, path, "sqs", "list-queues")

    assert ended.returncode == aws_shim.REFUSED
    assert ended.stdout == ""
    [said] = ended.stderr.splitlines()
    assert str(tmp_path / "bin" / "aws") in said
    assert shell.warning(folder, path) in said


@pytest.mark.parametrize("version", ["1.29.0", "1.45.11", "2.13.0", "2.31.2rc1", "3.0.0"])
def test_a_newer_one_is_run_with_the_endpoint_as_an_option(
    version: str, folder: StateFolder, tmp_path: Path
) -> None:
    path = str(installed(tmp_path / "bin", f"aws-cli/{version} Python/3.11"))

    ended = run(folder, path, "s3", "cp", "a file", "s3://bucket/key")

    assert ended.stdout == f"ran: --endpoint-url {HERE} s3 cp a file s3://bucket/key\n"
    assert shell.warning(folder, path) == ""


def test_without_any_aws_it_says_so(folder: StateFolder, tmp_path: Path) -> None:
    ended = run(folder, str(tmp_path), "s3", "ls")

    assert ended.returncode == aws_shim.NOT_FOUND
    assert "not installed" in ended.stderr
    assert shell.warning(folder, str(tmp_path)) == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--endpoint-url", AWS, "sqs", "list-queues"],
        ["sqs", "list-queues", f"--endpoint-url={AWS}"],
        ["sqs", "list-queues", "--endpoint", AWS],
        ["sqs", "list-queues", "--endpoint-url", "https://127.0.0.1.example.com"],
        ["sqs", "list-queues", "--endpoint-url"],
        ["--profile", "prod", "sts", "get-caller-identity"],
        ["sts", "get-caller-identity", "--prof=prod"],
        ["s3", "ls", f"s3://{ACCESS_POINT}/orders/"],
        ["s3api", "put-object", "--bucket", ACCESS_POINT, "--key", "x"],
        ["s3api", "put-object", f"--bucket={ACCESS_POINT}", "--key", "x"],
    ],
)
def test_arguments_that_lead_elsewhere_are_refused(arguments: list[str]) -> None:
    assert aws_shim.objection(arguments, ENVIRON)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["s3", "ls", "--endpoint-url", "http://localhost:9000"],
        ["s3", "ls", "--endpoint-url=https://[::1]:9000"],
        ["s3", "cp", "profile", "s3://bucket/--profile.json"],
        ["s3api", "put-bucket-encryption", "--encryption-configuration", "x"],
        ["lambda", "update-function-configuration", "--environment", "{}"],
        ["sqs", "send-message", "--message-body", "see arn:aws:s3:::bucket/key"],
        ["s3", "ls", "s3://arn:aws:s3:us-east-1:000000000000:accesspoint/here/"],
    ],
)
def test_other_arguments_are_not(arguments: list[str]) -> None:
    assert aws_shim.objection(arguments, ENVIRON) == ""


@pytest.mark.parametrize(
    "changed",
    [
        {"AWS_ENDPOINT_URL": ""},
        {"AWS_ENDPOINT_URL": AWS},
        {"AWS_ENDPOINT_URL_SQS": AWS},
        {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "TRUE"},
        {"AWS_PROFILE": "prod"},
    ],
)
def test_a_variable_that_was_set_afterwards_and_leads_elsewhere_is_noticed(
    changed: Mapping[str, str],
) -> None:
    assert aws_shim.objection(["s3", "ls"], {**ENVIRON, **changed})


def test_an_endpoint_that_is_named_is_kept() -> None:
    named = ["s3", "ls", "--endpoint-url=http://localhost:9000"]

    assert aws_shim.led(named, HERE) == named
