"""``python -m policies publish``: a commit's report where the one who approves can read it."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Protocol

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from policies.review import files
from policies.review.collect import Report, with_verification

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".sarif": "application/sarif+json",
}


class Store(Protocol):
    """Where the reports of one commit are kept, by file name."""

    def read(self, name: str) -> str: ...

    def write(self, name: str, content: str) -> None: ...


class Bucket:
    """``to`` is ``s3://bucket/prefix``; each commit has a folder there."""

    def __init__(self, to: str, commit: str) -> None:
        self._bucket, _, prefix = to.removeprefix("s3://").partition("/")
        self._folder = f"{prefix}/{commit}"
        self._s3 = boto3.client("s3")

    def read(self, name: str) -> str:
        answer = self._s3.get_object(Bucket=self._bucket, Key=f"{self._folder}/{name}")
        content: bytes = answer["Body"].read()
        return content.decode()

    def write(self, name: str, content: str) -> None:
        self._s3.put_object(
            Bucket=self._bucket,
            Key=f"{self._folder}/{name}",
            Body=content.encode(),
            ContentType=TYPES[Path(name).suffix],
        )


def add_to(verbs: "argparse._SubParsersAction[Any]") -> None:
    verb = verbs.add_parser("publish", help="store the commit's report, or what was proved since")
    verb.add_argument("--to", required=True, help="s3://bucket/prefix")
    verb.add_argument("--commit", required=True)
    verb.add_argument("--report", type=Path, default=Path("build/review/report.json"))
    verb.add_argument("--verification", type=Path, default=Path("build/verification"))
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 also when there is nothing to store: a red gate before the review is told elsewhere."""
    store = Bucket(options.to, options.commit)
    try:
        published = publish(store, options.commit, options.report, options.verification)
    except (BotoCoreError, ClientError, OSError) as error:
        print(f"error: the report of {options.commit} is not published: {error}", file=sys.stderr)
        return 1
    where = f"{options.to}/{options.commit}/report.html"
    print(where if published else f"no report was made of {options.commit}")
    return 0


def publish(store: Store, commit: str, report: Path, verification: Path) -> bool:
    """Store ``report``; or, after a proof, the stored report with what was proved. Repeatable.

    False when ``report`` is not there, or is of another commit.
    """
    outcomes = [json.loads(file.read_text()) for file in sorted(verification.glob("*.json"))]
    if not outcomes and not report.exists():
        return False
    made: Report = json.loads(store.read(files.DOCUMENT) if outcomes else report.read_text())
    if made["commit"]["id"] != commit:
        return False
    for name, content in files.rendered(with_verification(made, outcomes)).items():
        store.write(name, content)
    return True
