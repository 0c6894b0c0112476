"""boto3 for the local cloud only: nothing in the caller's environment redirects a request."""

import os
import threading
from pathlib import Path
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.loaders import Loader

import naming
from local import aws_isolation
from local.emulator_launcher import identify
from ops import endpoints

# (configuration name, environment variable, default, conversion): no variable, no file is read.
SETTINGS = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


# Reads each of botocore's files once in a process, which is most of what a session costs.
_LOADER = Loader()


def isolated_session() -> Any:
    """Return a session of botocore that follows no variable and no file of the caller's."""
    session = botocore.session.Session(SETTINGS)
    # boto3 adds its own folder for every session.
    _LOADER.search_paths[:] = dict.fromkeys(_LOADER.search_paths)
    session.register_component("data_loader", _LOADER)
    return session


class LocalSession(boto3.Session):  # type: ignore[misc]  # boto3 ships no types
    """A ``boto3.Session`` whose clients and resources all talk to one loopback endpoint."""

    def __init__(self, region: str, endpoint: str, ca_bundle: Path) -> None:
        super().__init__(
            aws_access_key_id=aws_isolation.ACCESS_KEY_ID,
            aws_secret_access_key=aws_isolation.SECRET_ACCESS_KEY,
            region_name=region,
            botocore_session=isolated_session(),
        )
        self._endpoint = {"endpoint_url": endpoint, "verify": str(ca_bundle)}

    def client(self, *args: Any, **kwargs: Any) -> Any:
        """Return a client as boto3 does; an endpoint among the arguments is overridden."""
        return endpoints.keep(super().client(*args, **self._local(kwargs)))

    def resource(self, *args: Any, **kwargs: Any) -> Any:
        """Return a resource as boto3 does; an endpoint among the arguments is overridden."""
        return super().resource(*args, **self._local(kwargs))

    def _local(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        config = Config(proxies={})
        given = kwargs.get("config")
        return {**kwargs, **self._endpoint, "config": given.merge(config) if given else config}


class Clients:
    """Access to one running local cloud.

    Raises ``LocalCloudError`` if something other than our emulator answers at ``endpoint``.
    """

    def __init__(self, endpoint: str, ca_bundle: Path) -> None:
        identify(endpoint, ca_bundle)
        self.endpoint = endpoint
        self.ca_bundle = ca_bundle
        self._sessions = {region: self.session(region) for region in naming.REGIONS}
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def session(self, region: str) -> LocalSession:
        """Return a new session; unlike clients, sessions must not be shared between threads."""
        return LocalSession(region, self.endpoint, self.ca_bundle)

    def client(self, service: str, region: str) -> Any:
        """Return the one client for a service and region, which all threads share."""
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                self._clients[key] = self._sessions[region].client(service)
            return self._clients[key]

    def stacks(self, region: str) -> list[dict[str, Any]]:
        """Return all stacks deployed in ``region``, as CloudFormation describes them."""
        pages = self.client("cloudformation", region).get_paginator("describe_stacks").paginate()
        return [stack for page in pages for stack in page["Stacks"]]

    def outputs(self, region: str) -> dict[str, str]:
        """Return the outputs of all our stacks in ``region``, by their keys."""
        return {
            output["OutputKey"]: output["OutputValue"]
            for stack in self.stacks(region)
            if stack["StackName"] != naming.TOOLKIT_STACK
            for output in stack.get("Outputs", [])
        }
