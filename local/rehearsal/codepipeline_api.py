"""The part of CodePipeline's API that builds call: stages, executions, actions, stopping one."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

from local.aws_isolation import LOOPBACK
from local.rehearsal.pipeline_execution import Execution, StageLocks

ACCESS_KEY = re.compile(r"Credential=([^/]+)/")
# Whether the owner of an access key may call an action.
IsAllowed: TypeAlias = Callable[[str, str], bool]


class RefusedCallError(Exception):
    """A call that is answered with an error; ``code`` is CodePipeline's name for it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class CodePipelineApi(ThreadingHTTPServer):
    """Answers at ``url``, on this machine only; ``note`` gets a line for each stopped execution."""

    daemon_threads = True

    def __init__(
        self,
        stages: Callable[[], Sequence[str]],
        executions: Callable[[], Sequence[Execution]],
        locks: StageLocks,
        is_allowed: IsAllowed,
        note: Callable[[str], None],
    ) -> None:
        super().__init__((LOOPBACK, 0), _Handler)
        self._note = note
        self._stages = stages
        self._executions = executions
        self._locks = locks
        self._is_allowed = is_allowed

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.server_port}"

    def answer(self, operation: str, request: Mapping[str, Any], access_key: str) -> object:
        """Return the answer to one call; raise ``RefusedCallError`` for an error of the API."""
        if not self._is_allowed(access_key, f"codepipeline:{operation}"):
            raise RefusedCallError("AccessDeniedException", f"not authorized to {operation}")
        match operation:
            case "GetPipelineState":
                return self._state(request["name"])
            case "GetPipelineExecution":
                return {"pipelineExecution": self._execution(request["pipelineExecutionId"])}
            case "ListActionExecutions":
                return {"actionExecutionDetails": self._history()[::-1]}
            case "StopPipelineExecution":
                return self._stop(request["pipelineExecutionId"])
        raise RefusedCallError("UnknownOperationException", f"{operation} can't be rehearsed")

    def _state(self, name: str) -> object:
        states = [{"stageName": stage, **self._latest(stage)} for stage in self._stages()]
        return {"pipelineName": name, "stageStates": states}

    def _latest(self, stage: str) -> Mapping[str, object]:
        latest = self._locks.latest(stage)
        if latest is None:
            return {}
        execution, status = latest
        described = {"pipelineExecutionId": execution.id, "status": status, "type": execution.type}
        return {"latestExecution": described}

    def _execution(self, id_: str) -> object:
        found = next((each for each in self._executions() if each.id == id_), None)
        if found is None:
            raise RefusedCallError("PipelineExecutionNotFoundException", id_)
        target = found.rollback_target
        metadata = {"rollbackMetadata": {"rollbackTargetPipelineExecutionId": target}}
        return {
            "pipelineExecutionId": id_,
            "status": found.status,
            "executionType": found.type,
            **(metadata if target else {}),
        }

    def _history(self) -> list[Mapping[str, object]]:
        """Return every run of an action; each begins a second after the one before."""
        runs = [(each.id, action) for each in self._executions() for action in each.actions]
        return [
            {
                "pipelineExecutionId": id_,
                "stageName": action.stage,
                "actionName": action.name,
                "status": action.status,
                "startTime": number,
                "output": {
                    "outputVariables": action.variables,
                    "outputArtifacts": [
                        {"name": name, "s3location": place}
                        for name, place in action.artifacts.items()
                    ],
                },
            }
            for number, (id_, action) in enumerate(runs)
        ]

    def _stop(self, execution_id: str) -> object:
        if not self._locks.stop(execution_id):
            raise RefusedCallError("PipelineExecutionNotStoppableException", execution_id)
        self._note(f"    (stopped execution {execution_id[:8]}, which was waiting)")
        return {"pipelineExecutionId": execution_id}


class _Handler(BaseHTTPRequestHandler):
    server: CodePipelineApi

    def do_POST(self) -> None:  # the name that the base class looks for
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
def serving(api: CodePipelineApi) -> Iterator[CodePipelineApi]:
    """Answer calls until the block ends; the same API can be served again."""
    thread = threading.Thread(target=api.serve_forever, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        api.shutdown()
        thread.join()
