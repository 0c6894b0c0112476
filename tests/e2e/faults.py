"""Faults between a function and DynamoDB, and settings that let the function meet them."""

import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum, auto
from http.client import HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import urlsplit

from local.aws_isolation import LOOPBACK
from local.cloud import Cloud
from ops.region import Region

RESERVE_S = 15  # before a run's time is up it starts nothing new
REFUSAL = (
    b'{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",'
    b'"message":"The level of configured provisioned throughput for the table was exceeded."}'
)
# All others are forwarded, also the name of the host: the function has signed it.
HOP_BY_HOP = {"connection", "content-length", "transfer-encoding", "keep-alive"}


class Fault(Enum):
    NONE = auto()
    THROTTLED = auto()
    ANSWER_LOST = auto()  # the table has written, and the connection breaks


# Decides what happens to the next call of an operation, such as PutItem.
Choice = Callable[[str], Fault]


class FaultyDynamoDb(ThreadingHTTPServer):
    """Forwards calls to the local cloud's DynamoDB, except those that ``choose`` gives a fault."""

    daemon_threads = True
    request_queue_size = 128  # of connections that are not accepted yet

    def __init__(self, cloud: Cloud, choose: Choice) -> None:
        super().__init__((LOOPBACK, 0), _Handler)
        self.choose = choose
        self.met: Counter[Fault] = Counter()
        self._cloud = urlsplit(cloud.endpoint)
        self._trust = ssl.create_default_context(cafile=str(cloud.ca_bundle))

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.server_port}"

    def connect(self) -> HTTPSConnection:
        host, port = self._cloud.hostname or "", self._cloud.port
        return HTTPSConnection(host, port, context=self._trust)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a function that is killed breaks its connections."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: FaultyDynamoDb

    def setup(self) -> None:
        super().setup()
        self._upstream = self.server.connect()

    def finish(self) -> None:
        self._upstream.close()
        super().finish()

    def do_POST(self) -> None:  # the base class looks for this name
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = self.server.choose(self.headers["X-Amz-Target"].rpartition(".")[2])
        self.server.met[fault] += 1
        if fault is Fault.THROTTLED:
            self._answer(400, {"Content-Type": "application/x-amz-json-1.0"}, REFUSAL)
            return
        response = self._forward(body)
        content = response.read()
        if fault is Fault.ANSWER_LOST:
            self.close_connection = True
        else:
            self._answer(response.status, dict(response.getheaders()), content)

    def _forward(self, body: bytes) -> HTTPResponse:
        headers = {n: v for n, v in self.headers.items() if n.lower() not in HOP_BY_HOP}
        self._upstream.request("POST", self.path, body, headers)
        return self._upstream.getresponse()

    def _answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def each(nth: int, *faults: Fault) -> Choice:
    """Give every nth call a fault, each of them in turn."""
    calls = count(1)

    def choose(_operation: str) -> Fault:
        times, rest = divmod(next(calls), nth)
        return Fault.NONE if rest else faults[times % len(faults)]

    return choose


class Busy:
    """A table that accepts ``puts`` items and then throttles all others until it is ended."""

    def __init__(self, puts: int) -> None:
        self._accepted = count(1)
        self._puts = puts
        self._is_over = threading.Event()

    def end(self) -> None:
        self._is_over.set()

    def __call__(self, operation: str) -> Fault:
        is_put = operation == "PutItem" and not self._is_over.is_set()
        return Fault.THROTTLED if is_put and next(self._accepted) > self._puts else Fault.NONE


@contextmanager
def faulty_dynamodb(
    cloud: Cloud, region: Region, choose: Choice, **settings: int
) -> Iterator[FaultyDynamoDb]:
    """Let the processor meet faults, with other ``settings`` of its function if need be."""
    with FaultyDynamoDb(cloud, choose) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            with reconfigured(region, {"AWS_ENDPOINT_URL_DYNAMODB": server.url}, **settings):
                yield server
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def reconfigured(region: Region, variables: Mapping[str, str], **settings: int) -> Iterator[None]:
    """Change the processor's variables and settings until the block ends."""
    before = region.client("lambda").get_function_configuration(FunctionName=region.processor)
    kept = before["Environment"]["Variables"]
    try:
        _configure(region, {**kept, **variables}, **settings)
        yield
    finally:
        _configure(region, kept, **{name: before[name] for name in settings})


def _configure(region: Region, variables: Mapping[str, str], **settings: int) -> None:
    functions = region.client("lambda")
    functions.update_function_configuration(
        FunctionName=region.processor, Environment={"Variables": variables}, **settings
    )
    functions.get_waiter("function_updated_v2").wait(
        FunctionName=region.processor, WaiterConfig={"Delay": 1}
    )
