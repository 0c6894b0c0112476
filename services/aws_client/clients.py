"""The clients that the functions use, as the environment wants them."""

from collections.abc import Mapping

from services.aws_client.container_credentials import credential_source
from services.aws_client.endpoint import endpoint_of
from services.aws_client.json_service import JsonService
from services.aws_client.s3 import S3
from services.aws_client.signature import Scope
from services.aws_client.signer import Signer
from services.aws_client.tls import trusting
from services.aws_client.transport import Transport


def dynamodb(
    region: str,
    env: Mapping[str, str],
    *,
    connections: int = 128,
    connect_timeout_s: float = 3.0,
    request_timeout_s: float = 5.0,
) -> JsonService:
    """Return a client of DynamoDB, which has not connected yet.

    Raises ``CredentialsError`` if there are no credentials, ``ValueError`` if the environment gives
    no valid endpoint, ``OSError`` if its bundle of authorities can't be read.
    """
    transport = Transport(
        endpoint_of("dynamodb", region, env),
        trusting(env),
        connections=connections,
        connect_timeout_s=connect_timeout_s,
        request_timeout_s=request_timeout_s,
    )
    return JsonService(
        transport,
        Signer(Scope(region, "dynamodb"), credential_source(env)),
        target="DynamoDB_20120810",
        content_type="application/x-amz-json-1.0",
    )


def eventbridge(
    region: str,
    env: Mapping[str, str],
    *,
    connections: int = 1,
    connect_timeout_s: float = 1.0,
    request_timeout_s: float = 3.0,
) -> JsonService:
    """Return a client of EventBridge, which has not connected yet; it raises what DynamoDB's does.

    The names of its operations are those of the API, such as ``PutEvents``.
    """
    transport = Transport(
        endpoint_of("events", region, env),
        trusting(env),
        connections=connections,
        connect_timeout_s=connect_timeout_s,
        request_timeout_s=request_timeout_s,
    )
    return JsonService(
        transport,
        Signer(Scope(region, "events"), credential_source(env)),
        target="AWSEvents",
        content_type="application/x-amz-json-1.1",
    )


def s3(region: str, env: Mapping[str, str]) -> S3:
    """Return a client of S3, which has not connected yet; it raises what DynamoDB's does."""
    signer = Signer(Scope(region, "s3"), credential_source(env))
    return S3(region, env, signer, trusting(env))
