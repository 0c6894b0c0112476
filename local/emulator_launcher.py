"""The emulator: started as a process of its own, and identified by its answers."""

import http.client
import json
import os
import secrets
import ssl
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from local import aws_isolation, processes
from local.aws_isolation import LOOPBACK, loopback_socket
from local.cloud_state import StateFolder
from local.emulator_patches.functions import PYTHON_VARIABLE
from local.errors import LocalCloudError
from local.paths import NODE_MODULES, cloud_python, tools_path
from local.tls_certificate import Certificate
from ops.waiting import find_within
from services.lambda_python import FUNCTIONS_PYTHON

HEALTH_PATH = "/_ministack/health"
START_LIMIT_S = 60.0
ANSWER_LIMIT_S = 5.0
POLL_S = 0.05
LOG_TAIL_LINES = 25


@dataclass(frozen=True, slots=True)
class Emulator:
    """The emulator's process, and where it will answer."""

    process: subprocess.Popen[bytes]
    endpoint: str
    folder: StateFolder


def start(folder: StateFolder, certificate: Certificate, options: Mapping[str, str]) -> Emulator:
    """Start the emulator in a session of its own, on one free port of the loopback address.

    ``options`` override its variables. It is not ready yet when this returns.

    Raises:
        LocalCloudError: the emulator isn't installed.

    """
    python = cloud_python()
    if not python.exists():
        raise LocalCloudError(f"no emulator in {python.parent.parent}: run make setup")
    if not FUNCTIONS_PYTHON.exists():
        raise LocalCloudError(f"no Python for the functions, {FUNCTIONS_PYTHON}: run make setup")
    server = Path(__file__).with_name("emulator_entry_point.py")
    certificate_files = (certificate.server, certificate.key)
    folder.faults.touch(mode=0o600)
    folder.faults.write_text(f"/_faults/{secrets.token_urlsafe()}")
    with loopback_socket() as listener, folder.log.open("ab") as log:
        port = int(listener.getsockname()[1])
        process = subprocess.Popen(  # noqa: S603  # fixed arguments
            [python, "-P", server, str(listener.fileno()), *certificate_files, folder.faults],
            cwd=folder.home,
            env={**_environment(folder, certificate, port), **options},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )
    return Emulator(process, f"https://{LOOPBACK}:{port}", folder)


def _environment(folder: StateFolder, certificate: Certificate, port: int) -> dict[str, str]:
    """Return the emulator's variables, which the processes of Lambda functions inherit."""
    return {
        **aws_isolation.isolated(os.environ, home=folder.home, temporary=folder.temporary),
        "PATH": tools_path(),
        # AwsCustomResource imports the SDK that Lambda's Node runtime brings.
        "NODE_PATH": str(NODE_MODULES),
        PYTHON_VARIABLE: str(FUNCTIONS_PYTHON),
        processes.STATE_VARIABLE: str(folder.state.resolve()),
        "AUTH": "true",
        "USE_SSL": "1",
        "GATEWAY_PORT": str(port),
        "BIND_HOST": LOOPBACK,
        "MINISTACK_HOST": LOOPBACK,
        "MINISTACK_ACCOUNT_ID": aws_isolation.ACCOUNT,
        "MINISTACK_SSL_CERT": str(certificate.server),
        "MINISTACK_SSL_KEY": str(certificate.key),
        "AWS_ACCESS_KEY_ID": aws_isolation.ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": aws_isolation.SECRET_ACCESS_KEY,
        "AWS_CA_BUNDLE": str(certificate.authority),
        "NODE_EXTRA_CA_CERTS": str(certificate.authority),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CLOUDFORMATION_REQUESTS": str(folder.requests),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }


def wait_until_ready(emulator: Emulator, ca_bundle: Path) -> None:
    """Wait until the emulator answers and is identified.

    Raises:
        LocalCloudError: it ended, or did not answer in time.

    """

    def ready() -> bool:
        try:
            identify(emulator.endpoint, ca_bundle)
        except LocalCloudError:
            if emulator.process.poll() is not None:
                last = _log_tail(emulator.folder).rpartition("\n")[2]
                raise LocalCloudError(f"the emulator did not start: {last}") from None
            return False
        return True

    if not find_within(ready, limit_s=START_LIMIT_S, poll_s=POLL_S):
        identify(emulator.endpoint, ca_bundle)  # raises the reason


def identify(endpoint: str, ca_bundle: Path) -> None:
    """Raise ``LocalCloudError`` unless our emulator, with our certificate, answers on loopback."""
    aws_isolation.require_loopback(endpoint)
    health = _health(endpoint, ca_bundle)
    if health.get("auth") != "enabled" or "edition" not in health:
        raise LocalCloudError(f"something other than our emulator answers at {endpoint}: {health}")


def _health(endpoint: str, ca_bundle: Path) -> dict[str, object]:
    trust = ssl.create_default_context(cafile=str(ca_bundle))
    address = urlsplit(endpoint)
    connection = http.client.HTTPSConnection(
        address.hostname or "", address.port, timeout=ANSWER_LIMIT_S, context=trust
    )
    try:
        connection.request("GET", HEALTH_PATH)
        answer = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise LocalCloudError(f"no emulator answers at {endpoint}: {error}") from error
    finally:
        connection.close()
    return answer if isinstance(answer, dict) else {}


def with_log(error: LocalCloudError, folder: StateFolder) -> str:
    """Return what ``error`` says, with the end of the emulator's log after the first line."""
    first, _, more = str(error).partition("\n")
    if not processes.environments(folder.state):
        first += " (the emulator has ended: it crashed, or make down has stopped it)"
    tail = _log_tail(folder)
    return f"{first}\n--- end of the emulator's log\n{tail}\n--- end of the log\n{more}"


def _log_tail(folder: StateFolder) -> str:
    """Return the last lines that the emulator wrote, for an error message."""
    if not folder.log.exists():
        return ""
    lines = folder.log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]
    return "\n".join(line[:300] for line in lines)
