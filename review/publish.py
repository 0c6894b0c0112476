"""``python -m review.publish``: store a commit's report where its approver can read it.

It runs where a deployment is verified, in the environment of the operator's commands.
"""

import json
from pathlib import Path
from typing import Any

import boto3
import click
from botocore.exceptions import BotoCoreError, ClientError

from review import render
from review.attention import Report, with_verification

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
PATH = click.Path(path_type=Path)


class Store:
    """Where the files of one commit's report are: in a folder of its own below an address in S3."""

    def __init__(self, s3: Any, to: str, commit: str) -> None:
        bucket, _, prefix = to.removeprefix("s3://").partition("/")
        self._s3, self._bucket, self._folder = s3, bucket, f"{prefix}/{commit}"

    def read(self, name: str) -> str:
        """Return the text of a file; raise ``ClientError`` if there is none."""
        answer = self._s3.get_object(Bucket=self._bucket, Key=f"{self._folder}/{name}")
        content: bytes = answer["Body"].read()
        return content.decode()

    def write(self, name: str, content: str) -> None:
        """Store the text of a file, in place of an older one."""
        self._s3.put_object(
            Bucket=self._bucket,
            Key=f"{self._folder}/{name}",
            Body=content.encode(),
            ContentType=TYPES[Path(name).suffix],
        )


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
        published = store_report(
            Store(boto3.client("s3"), to, commit), commit, report, verification
        )
    except (BotoCoreError, ClientError, OSError) as error:
        click.echo(f"error: could not publish the report of {commit}: {error}", err=True)
        raise SystemExit(1) from error
    nothing = f"no report was made for {commit}"
    click.echo(f"{to}/{commit}/report.html" if published else nothing)
    if not published:
        report.parent.mkdir(parents=True, exist_ok=True)
        (report.parent / render.MAIL).write_text(nothing)


def store_report(reports: Store, commit: str, report: Path, verification: Path) -> bool:
    """Store ``report`` or, after a verification, the stored report with its outcome; here as well.

    Return False if there is no ``report``, or if it is another commit's. May be repeated.
    """
    outcomes = [json.loads(file.read_text()) for file in sorted(verification.glob("*.json"))]
    if not outcomes and not report.exists():
        return False
    made: Report = json.loads(reports.read(render.DOCUMENT) if outcomes else report.read_text())
    if made["commit"]["id"] != commit:
        return False
    made = with_verification(made, outcomes)
    render.write(made, report.parent)
    for name, content in render.files(made).items():
        reports.write(name, content)
    return True


if __name__ == "__main__":
    publish(prog_name="python -m review.publish")
