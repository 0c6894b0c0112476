"""``ops bucket-names``: check whether the bucket names of an assembly are free.

Bucket names are global, and a first deployment fails late at one that is taken, when a protected
table exists already. Reads only, and needs no credentials: S3 tells anyone whether a bucket exists.
"""

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

import click
from botocore.exceptions import BotoCoreError, ClientError

import naming
from ops.connection import anonymous_client
from ops.errors import FINDING, RefusedError, UndeterminedError
from ops.output import show_rows

FREE, TAKEN = "free", "taken"


def bucket_names(assembly: Path) -> list[str]:
    """Return every bucket name in the templates of the assembly and its stages."""
    templates = (json.loads(path.read_text()) for path in assembly.rglob("*.template.json"))
    resources = (each for template in templates for each in template["Resources"].values())
    buckets = (each for each in resources if each["Type"] == "AWS::S3::Bucket")
    return sorted(each["Properties"]["BucketName"] for each in buckets)


def look_up(s3: Any, name: str) -> str:
    """Return ``free`` or ``taken``; S3 denies access to a bucket that belongs to someone else.

    Raises ``UndeterminedError`` if S3 does not answer, or answers with a server error.
    """
    try:
        s3.head_bucket(Bucket=name)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status == HTTPStatus.NOT_FOUND:
            return FREE
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise UndeterminedError(f"{name}: {error}") from error
    except BotoCoreError as error:
        raise UndeterminedError(f"{name}: {error}") from error
    return TAKEN


@click.command("bucket-names", short_help="Check whether the app's bucket names are free.")
@click.option(
    "--assembly", type=click.Path(path_type=Path), default=Path("cdk.out"), show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="Print the names as JSON.")
@click.pass_context
def command(context: click.Context, assembly: Path, *, as_json: bool) -> None:
    """Check whether the bucket names of an assembly are free, without credentials."""
    names = bucket_names(assembly)
    if not names:
        raise RefusedError(f"{assembly} has no template with a bucket: run make synth")
    s3 = anonymous_client("s3", naming.PRIMARY)
    found = {name: look_up(s3, name) for name in names}
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        show_rows(("status", "bucket"), [(f"{verdict:5}", name) for name, verdict in found.items()])
    if TAKEN in found.values():
        click.echo("set a bucketSuffix in cdk.json, run make synth and check again", err=True)
        context.exit(FINDING)
