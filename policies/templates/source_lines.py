"""The line of code that made a construct, from the trace that CDK keeps of each."""

import re
from collections.abc import Iterable
from pathlib import Path

FRAME = re.compile(r"\((/.+?\.py):(\d+)\)")
APP = "/pipeline_app.py"


def source_line(trace: Iterable[str]) -> str:
    """Return ``file:line``, and who called it if that is in another file.

    Files are relative to the app's folder. Empty unless the app was synthesized with
    ``JSII_HOST_STACK_TRACES=1``.
    """
    frames = FRAME.findall("\n".join(trace))
    apps = (file.removesuffix(APP) for file, _ in frames if file.endswith(APP))
    root = next(apps, str(Path.cwd()))
    ours = [(file.removeprefix(f"{root}/"), line) for file, line in frames if _is_ours(file)]
    made = [f"{file}:{line}" for file, line in ours]
    callers = [f"{file}:{line}" for file, line in ours if file != ours[0][0]]
    return ", called at ".join([*made[:1], *callers[:1]])


def _is_ours(file: str) -> bool:
    return "site-packages" not in file
