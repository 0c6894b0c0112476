"""``python -m review.publish``: store a commit's report where its approver can read it.

It runs where a deployment is verified, in the environment of the operator's commands.
"""

import json
import mimetypes
from pathlib import Path
from typing import Any

import boto3
import click
from botocore.exceptions import BotoCoreError, ClientError

from review import render
from review.attention import Report, with_verification

PATH = click.Path(path_type=Path)


@click.command()
@click.option("--to", required=True, help="s3://bucket/prefix.")
@click.option("--commit", required=True, help="Id of the commit.")
@click.option("--report", type=PATH, default="build/review/report.json", show_default=True)
@click.option("--verification", type=PATH, default="build/verification", show_default=True)
def publish(to: str, commit: str, report: Path, verification: Path) -> None:
    """Store a commit's report, or the outcome of a verification.

    Exit with 0 even if there is nothing to store: a gate that was red before the review has
    reported that already.
    """
    try:
        published = store_report(boto3.client("s3"), to, commit, report, verification)
    except (BotoCoreError, ClientError, OSError) as error:
        raise click.ClickException(f"could not publish {commit}: {error}") from error
    nothing = f"no report was made for {commit}"
    click.echo(f"{to}/{commit}/report.html" if published else nothing)
    if not published:
        report.parent.mkdir(parents=True, exist_ok=True)
        (report.parent / render.MAIL).write_text(nothing)


def store_report(s3: Any, to: str, commit: str, report: Path, verification: Path) -> bool:
    """Store ``report`` or, after a verification, the stored report with its outcome; here as well.

    The files of a commit are in a folder of its own below the address in S3. Return False if there
    is no ``report``, or if it is another commit's. May be repeated.
    """
    bucket, _, prefix = to.removeprefix("s3://").partition("/")
    outcomes = [json.loads(file.read_text()) for file in sorted(verification.glob("*.json"))]
    if not outcomes and not report.exists():
        return False
    if outcomes:
        stored = s3.get_object(Bucket=bucket, Key=f"{prefix}/{commit}/{render.DOCUMENT}")
        made: Report = json.loads(stored["Body"].read())
    else:
        made = json.loads(report.read_text())
    if made["commit"]["id"] != commit:
        return False
    made = with_verification(made, outcomes)
    render.write(made, report.parent)
    for name, content in render.files(made).items():
        type_ = f"{mimetypes.guess_type(name)[0]}; charset=utf-8"
        key = f"{prefix}/{commit}/{name}"
        s3.put_object(Bucket=bucket, Key=key, Body=content.encode(), ContentType=type_)
    return True


if __name__ == "__main__":
    publish(prog_name="python -m review.publish")
