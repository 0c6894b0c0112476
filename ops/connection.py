"""AWS sessions of the commands, and the line that says what a session talks to.

boto3 is imported when a session is made, so that ``--help`` does not wait for it.
"""

from typing import Any

import click
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as ConnectionFailedError

from ops.endpoints import is_of_aws, keep_all
from ops.errors import DENIED

# A region that hangs must not hang a command: a call has failed for good within about a minute.
PROMPT = Config(
    connect_timeout=3, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 4}
)


def connect(region: str, profile: str | None = None) -> Any:
    """Return a session for ``region``, and print :func:`describe` on standard error.

    Raises botocore's ``ProfileNotFound`` and ``NoCredentialsError``, and a ``ClientError`` if the
    credentials are rejected.
    """
    session = open_session(region, profile)
    click.echo(describe(session, region), err=True)
    return session


def open_session(region: str, profile: str | None = None) -> Any:
    """Return a session for ``region`` as :func:`connect` does, without any call."""
    return _session(profile_name=profile, region_name=region)


def describe(session: Any, region: str) -> str:
    """Return account, identity, region and endpoint in one line."""
    sts = session.client("sts", region_name=region, config=PROMPT)
    url = sts.meta.endpoint_url
    where = "AWS" if is_of_aws(url) else url
    return f"{_who(sts)} in {region} at {where}"


def assume(session: Any, role_arn: str, name: str) -> Any:
    """Return a session of the role; ``name`` identifies it in the account's logs."""
    given = assumed_credentials(session.client("sts", config=PROMPT), role_arn, name)
    return _session(region_name=session.region_name, **given)


def assumed_credentials(sts: Any, role_arn: str, name: str) -> dict[str, str]:
    """Assume a role; return its credentials as arguments of ``boto3.Session``."""
    given = sts.assume_role(RoleArn=role_arn, RoleSessionName=name)["Credentials"]
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }


def anonymous_client(service: str, region: str) -> Any:
    """Return a client without credentials."""
    from botocore import UNSIGNED  # noqa: PLC0415  # see above

    config = PROMPT.merge(Config(signature_version=UNSIGNED))
    return _session(region_name=region).client(service, config=config)


def _session(**options: Any) -> Any:
    import boto3  # noqa: PLC0415  # see above

    return keep_all(boto3.Session(**options))


def _who(sts: Any) -> str:
    try:
        identity = sts.get_caller_identity()
    except (ConnectionFailedError, HTTPClientError):  # the command itself may still get through
        return "unknown account (STS does not answer)"
    except ClientError as error:
        if error.response["Error"]["Code"] in DENIED:
            return "unknown account (STS denied the call)"
        raise
    return f"account {identity['Account']} as {identity['Arn'].rpartition(':')[2]}"
