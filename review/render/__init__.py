"""The report's files: one document, and its renderings, which are pure functions of it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from review.render import sarif
from review.render.html import html
from review.render.markdown import markdown

__all__ = ["html", "markdown"]

DOCUMENT = "report.json"


def write(report: Mapping[str, Any], folder: Path) -> None:
    """Write all files to ``folder``, in place of older ones."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files(report).items():
        (folder / name).write_text(content)


def files(report: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the content of each file by its name."""
    return {
        DOCUMENT: _json(report),
        "report.sarif": _json(
            sarif.document([*report["findings"], *sarif.in_data(report["changes"])])
        ),
        "report.md": markdown(report),
        "report.html": html(report),
    }


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"
