"""Requests stay at the endpoint that is configured, where the SDK would send some elsewhere.

botocore ignores a configured endpoint when a bucket is named by the ARN of a Multi-Region Access
Point, and goes to AWS. The control plane of S3 gets the account in front of its host's name, which
an address or a local name does not have. A client of AWS itself is left alone.
"""

from functools import partial
from typing import Any
from urllib.parse import SplitResult, urlsplit

_OF_AWS = (".amazonaws.com", ".amazonaws.com.cn")


def is_of_aws(url: str) -> bool:
    """Return whether the URL of an endpoint is one of AWS's own."""
    return (urlsplit(url).hostname or "").endswith(_OF_AWS)


def keep(client: Any) -> Any:
    """Return the client; from now on its requests go nowhere but to its configured endpoint."""
    url = client.meta.endpoint_url
    if not is_of_aws(url):
        service = client.meta.service_model.service_id.hyphenize()
        client.meta.events.register(f"before-send.{service}", partial(_redirect, urlsplit(url)))
        client.meta.events.register("before-endpoint-resolution.s3", _allow_access_points)
    return client


def keep_all(session: Any) -> Any:
    """Return the boto3 session; from now on :func:`keep` holds for every client that it makes."""
    session.events.register("creating-client-class", _add_keeping)
    return session


class _Kept:
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        keep(self)


def _add_keeping(base_classes: list[type], **_: object) -> None:
    base_classes.insert(0, _Kept)


def _allow_access_points(builtins: dict[str, object], **_: object) -> None:
    """Let a client that is kept use what the shell of ``make env`` forbids to all others."""
    builtins["AWS::S3::DisableMultiRegionAccessPoints"] = False


def _redirect(endpoint: SplitResult, request: Any, **_: object) -> None:
    """Replace the host of a signed request; the signature is of the one that it was made for."""
    made_for = urlsplit(request.url)
    if made_for.netloc != endpoint.netloc:
        request.headers["Host"] = made_for.netloc
        there = made_for._replace(scheme=endpoint.scheme, netloc=endpoint.netloc)
        request.url = there.geturl()
