"""boto3 for the local cloud only: nothing in the caller's environment leads a request astray."""

import os
import threading
from pathlib import Path
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

from local import isolation
from local.emulator import identify

# (configuration name, environment variable, default, conversion): no variable, no file is read.
SETTINGS = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


class LocalSession(boto3.Session):  # type: ignore[misc]  # boto3 ships no types
    """A ``boto3.Session`` whose clients and resources all talk to one loopback endpoint."""

    def __init__(self, region: str, endpoint: str, ca_bundle: Path) -> None:
        super().__init__(
            aws_access_key_id=isolation.ACCESS_KEY_ID,
            aws_secret_access_key=isolation.SECRET_ACCESS_KEY,
            region_name=region,
            botocore_session=botocore.session.Session(SETTINGS),
        )
        self._where = {"endpoint_url": endpoint, "verify": str(ca_bundle)}

    def client(self, *args: Any, **kwargs: Any) -> Any:
        made = super().client(*args, **self._local(kwargs))
        made.meta.events.register("before-sign.s3-control", _drop_account_from_host)
        return made

    def resource(self, *args: Any, **kwargs: Any) -> Any:
        return super().resource(*args, **self._local(kwargs))

    def _local(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        config = Config(proxies={})
        given = kwargs.get("config")
        return {**kwargs, **self._where, "config": given.merge(config) if given else config}


def _drop_account_from_host(request: Any, **_: object) -> None:
    """S3 Control repeats the account in the host name; a loopback address has no such host."""
    request.url = request.url.replace(f"//{isolation.ACCOUNT}.", "//", 1)


class Clients:
    """Access to one running local cloud, given only after it has proved to be one."""

    def __init__(self, endpoint: str, ca_bundle: Path) -> None:
        identify(endpoint, ca_bundle)
        self.endpoint = endpoint
        self.ca_bundle = ca_bundle
        self._sessions = {region: self.session(region) for region in isolation.REGIONS}
        self._clients: dict[tuple[str, str], Any] = {}
        self._making = threading.Lock()

    def session(self, region: str) -> LocalSession:
        return LocalSession(region, self.endpoint, self.ca_bundle)

    def client(self, service: str, region: str) -> Any:
        """One client a service and region, for all threads, because making one is slow."""
        with self._making:  # clients may be shared, sessions may not
            key = (service, region)
            if key not in self._clients:
                self._clients[key] = self._sessions[region].client(service)
            return self._clients[key]

    def stacks(self, region: str) -> list[dict[str, Any]]:
        """All stacks that are deployed in ``region``."""
        pages = self.client("cloudformation", region).get_paginator("describe_stacks").paginate()
        return [stack for page in pages for stack in page["Stacks"]]

    def outputs(self, region: str) -> dict[str, str]:
        """The outputs of the product's stacks in ``region``."""
        return {
            output["OutputKey"]: output["OutputValue"]
            for stack in self.stacks(region)
            if stack["StackName"] != "CDKToolkit"
            for output in stack.get("Outputs", [])
        }
