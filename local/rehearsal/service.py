"""CodePipeline as a build can call it: which execution is in which stage, and to stop one."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

from local.ports import LOOPBACK
from local.rehearsal.occupancy import Occupancy

ACCESS_KEY = re.compile(r"Credential=([^/]+)/")
# Whether who has this access key may call the action.
May: TypeAlias = Callable[[str, str], bool]


class RefusedCallError(Exception):
    """The call is answered with an error; ``code`` is as CodePipeline names it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Service(ThreadingHTTPServer):
    """Answers at ``url``, on this machine only, about who occupies the stages of a pipeline.

    ``say`` is told what a build has had done.
    """

    daemon_threads = True

    def __init__(
        self,
        stages: Callable[[], Sequence[str]],
        occupancy: Occupancy,
        may: May,
        say: Callable[[str], None],
    ) -> None:
        super().__init__((LOOPBACK, 0), _Handler)
        self._say = say
        self._stages = stages
        self._occupancy = occupancy
        self._may = may

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.server_port}"

    def answer(self, operation: str, asked: Mapping[str, Any], access_key: str) -> object:
        """The answer to one call; raise ``RefusedCallError`` for one that is not to be answered."""
        if not self._may(access_key, f"codepipeline:{operation}"):
            raise RefusedCallError("AccessDeniedException", f"no right to {operation}")
        match operation:
            case "GetPipelineState":
                return self._state(asked["name"])
            case "StopPipelineExecution":
                return self._stop(asked["pipelineExecutionId"])
        raise RefusedCallError("UnknownOperationException", f"{operation} can't be rehearsed")

    def _state(self, name: str) -> object:
        states = [{"stageName": stage, **self._latest(stage)} for stage in self._stages()]
        return {"pipelineName": name, "stageStates": states}

    def _latest(self, stage: str) -> Mapping[str, object]:
        latest = self._occupancy.latest(stage)
        if latest is None:
            return {}
        id_, status = latest
        return {"latestExecution": {"pipelineExecutionId": id_, "status": status.value}}

    def _stop(self, execution_id: str) -> object:
        if not self._occupancy.stop(execution_id):
            raise RefusedCallError("PipelineExecutionNotStoppableException", execution_id)
        self._say(f"    (execution {execution_id[:8]}, which waited, is stopped)")
        return {"pipelineExecutionId": execution_id}


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:  # the base class looks for this name
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        found = ACCESS_KEY.search(self.headers.get("Authorization", ""))
        try:
            answer = self.server.answer(operation, body, found[1] if found else "")
        except RefusedCallError as error:
            self._send(400, {"__type": error.code, "message": str(error)})
        else:
            self._send(200, answer)

    def _send(self, status: int, answer: object) -> None:
        content = json.dumps(answer).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serving(service: Service) -> Iterator[Service]:
    """Answer calls until the block ends; it may be done again."""
    thread = threading.Thread(target=service.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.shutdown()
        thread.join()
