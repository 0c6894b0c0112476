"""A buildspec as one bash script with CodeBuild's order of phases, and the shell that runs it."""

import json
import os
import shlex
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from local.rehearsal.errors import ActionError, RehearsalError
from local.rehearsal.strict_documents import Document, refuse_unknown

KEYS = {"version", "phases", "artifacts", "env", "cache"}
PHASES = ("install", "pre_build", "build", "post_build")
# post_build runs after a failed build as well; a failure of any other phase ends the build.
LAST_PHASES = ("build", "post_build")
PHASE_KEYS = {"commands", "finally", "runtime-versions"}
ARTIFACT_KEYS = {"base-directory", "files"}
ENV_KEYS = {"variables", "exported-variables"}
LOG_TAIL_LINES = 15


@dataclass(frozen=True, kw_only=True, slots=True)
class Buildspec:
    """The parts of a buildspec that can be rehearsed."""

    # The commands of each phase, and those of its ``finally`` block.
    phases: dict[str, tuple[list[str], list[str]]]
    base_directory: str
    files: tuple[str, ...]
    variables: dict[str, str]
    exported: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read JSON, which the CDK writes; raise ``RehearsalError`` for anything unsupported."""
        document = _document(text)
        refuse_unknown(document, KEYS, "buildspec")
        artifacts, env = document.get("artifacts", {}), document.get("env", {})
        refuse_unknown(artifacts, ARTIFACT_KEYS, "artifacts of buildspec")
        refuse_unknown(env, ENV_KEYS, "env of buildspec")
        files = artifacts.get("files", [])
        return cls(
            phases=_phases(document.get("phases", {})),
            base_directory=artifacts.get("base-directory", "."),
            files=(files,) if isinstance(files, str) else tuple(files),
            variables=env.get("variables", {}),
            exported=tuple(env.get("exported-variables", [])),
        )

    def script(self, exports_file: str) -> str:
        """Return bash that runs all phases in one shell and exits with the build's exit code.

        Whatever happens, it writes ``NAME=value`` for each exported variable to ``exports_file``,
        terminated by a NUL.
        """
        names = " ".join(map(shlex.quote, self.exported))
        export = (
            f'for _name in {names}; do printf "%s=%s\\0" "$_name" "${{!_name-}}"; done'
            f" > {shlex.quote(exports_file)}"
        )
        lines = ["_export() {", export, "}", "trap _export EXIT", "_failed=0"]
        for phase in PHASES:
            if phase in self.phases:
                lines += _phase_lines(phase, *self.phases[phase])
        return "\n".join([*lines, "exit $_failed", ""])


def run_script(
    script: str, *, folder: Path, environment: Mapping[str, str], log: Path, limit_s: float
) -> None:
    """Run ``script`` with its output in ``log``, and leave no process of it running.

    Raises:
        ActionError: it failed, or took longer than ``limit_s``.

    """
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603  # runs what the pipeline's definition says
            ["/bin/bash", "-c", script],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status = process.wait(limit_s)
        except subprocess.TimeoutExpired:
            raise ActionError(f"build took more than {limit_s:g} s", tail=_tail(log)) from None
        finally:
            _end(process)
    if status:
        raise ActionError(f"build ended with {status}", tail=_tail(log))


def _document(text: str) -> Document:
    try:
        document: Document = json.loads(text)
    except ValueError as error:
        raise RehearsalError(f"the buildspec isn't JSON: {error}") from error
    return document


def _phases(document: Document) -> dict[str, tuple[list[str], list[str]]]:
    refuse_unknown(document, set(PHASES), "phases of buildspec")
    for name, phase in document.items():
        refuse_unknown(phase, PHASE_KEYS, f"phase {name} of buildspec")
    return {
        name: (list(phase.get("commands", [])), list(phase.get("finally", [])))
        for name, phase in document.items()
    }


def _phase_lines(name: str, commands: list[str], finally_: list[str]) -> list[str]:
    """Make a phase a loop that runs once: ``break`` leaves it, and the shell stays the same."""
    lines = []
    for block in (commands, finally_):
        lines.append("while :; do")
        for command in block:
            announce = f"printf '%s\\n' {shlex.quote(f'[{name}] {command}')}"
            lines += [announce, command, "_status=$?"]
            lines.append("if [ $_status -ne 0 ]; then _failed=$_status; break; fi")
        lines += ["break", "done"]
    if name not in LAST_PHASES:
        lines.append("[ $_failed -eq 0 ] || exit $_failed")
    return lines


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the build, and whatever it started and left running."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    return "\n".join(lines[-LOG_TAIL_LINES:])
