"""``ops`` as a person runs it; ``python -m local`` in an environment that points it elsewhere."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local import processes
from local.aws_isolation import loopback_socket, without_aws
from local.cloud import Cloud
from local.cloud_state import Record, StateFolder
from local.paths import REPOSITORY


class OpsCommand:
    """``ops``, as a person runs it on the local cloud; ``stderr`` may be joined to the output."""

    def __init__(self, cloud: Cloud, stderr: int = subprocess.PIPE) -> None:
        self._environ = {**without_aws(os.environ), **cloud.variables()}
        self._stderr = stderr

    def begin(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "ops", *words],
            cwd=REPOSITORY,
            env=self._environ,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            text=True,
        )


class Trap:
    """An environment whose endpoints, proxies and profile all lead to a trap."""

    def __init__(self, folder: Path) -> None:
        self._listener = loopback_socket()
        self._listener.listen()
        self._listener.settimeout(0)
        self._asked = folder / "asked-for-credentials"
        config = folder / "config"
        config.write_text(f"[profile prod]\ncredential_process = touch {self._asked}\n")
        elsewhere = "http://{}:{}".format(*self._listener.getsockname())
        endpoints = dict.fromkeys(("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS"), elsewhere)
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "https_proxy"), elsewhere)
        self.environ: Mapping[str, str] = {
            **os.environ,
            **endpoints,
            **proxies,
            "no_proxy": "example.com",
            "AWS_PROFILE": "prod",
            "AWS_CONFIG_FILE": str(config),
            "AWS_SESSION_TOKEN": "of-another-account",
            "AWS_REGION": "eu-central-1",
            "AWS_CA_BUNDLE": "/nowhere.pem",
        }

    @property
    def is_sprung(self) -> bool:
        try:
            self._listener.accept()[0].close()
        except BlockingIOError:
            return self._asked.exists()
        return True

    def close(self) -> None:
        self._listener.close()


@dataclass(frozen=True, slots=True)
class LocalCommand:
    """The command for the cloud in ``state``."""

    state: Path
    environ: Mapping[str, str]

    def run(self, verb: str, *options: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._words(verb, *options),
            cwd=REPOSITORY,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )

    def begin(self, verb: str, *options: str | Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._words(verb, *options),
            cwd=REPOSITORY,
            env=self.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def record(self) -> Record | None:
        """Return what the running cloud says about itself."""
        return Record.read(StateFolder(self.state).record)

    @property
    def pids(self) -> set[int]:
        """Return the ids of all processes that run for this cloud."""
        return set(processes.environments(self.state))

    def _words(self, verb: str, *options: str | Path) -> list[str | Path]:
        return [sys.executable, "-m", "local", verb, "--state", self.state, *options]
