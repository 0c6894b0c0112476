"""Asks S3 whether the bucket names of an assembly are free: ``python -m ops.bucket_names``.

Bucket names are global. One that is taken is noticed late in a first deployment, when there is a
protected table already. Reads only, and needs no credentials: S3 says to anybody what exists.
Exit 0 when all names are free, 1 when one is taken, 2 when nobody knows.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

FREE, TAKEN = "free", "taken"
# AWS itself is meant, also in a shell that points to another cloud.
_ANONYMOUS = Config(signature_version=UNSIGNED, ignore_configured_endpoint_urls=True)


class UnknownError(Exception):
    """It can't be told whether a name is free; the message says which, and why."""


def bucket_names(assembly: Path) -> list[str]:
    """Every name that a template of the assembly, or of a stage in it, gives a bucket."""
    templates = (json.loads(path.read_text()) for path in assembly.rglob("*.template.json"))
    resources = (each for template in templates for each in template["Resources"].values())
    buckets = (each for each in resources if each["Type"] == "AWS::S3::Bucket")
    return sorted(each["Properties"]["BucketName"] for each in buckets)


def look_up(s3: Any, name: str) -> str:
    """``free``, or ``taken`` by whomever: S3 refuses strangers what exists."""
    try:
        s3.head_bucket(Bucket=name)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status == HTTPStatus.NOT_FOUND:
            return FREE
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise UnknownError(f"{name}: {error}") from error
    except BotoCoreError as error:
        raise UnknownError(f"{name}: {error}") from error
    return TAKEN


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="ops.bucket_names", description=__doc__)
    parser.add_argument("--assembly", type=Path, default=Path("cdk.out"), help="default: cdk.out")
    parser.add_argument("--json", action="store_true", help="print the names as JSON")
    options = parser.parse_args(arguments)
    names = bucket_names(options.assembly)
    if not names:
        parser.error(f"{options.assembly} has no template with a bucket: run make synth")
    s3 = boto3.client("s3", region_name="us-east-1", config=_ANONYMOUS)
    try:
        found = {name: look_up(s3, name) for name in names}
    except UnknownError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(json.dumps(found, indent=2) if options.json else _text(found))
    return int(TAKEN in found.values())


def _text(found: Mapping[str, str]) -> str:
    lines = [f"{verdict:6}{name}" for name, verdict in found.items()]
    if TAKEN in found.values():
        lines.append("set a bucketSuffix in cdk.json, make synth, and ask again")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
