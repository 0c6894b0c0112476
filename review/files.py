"""The files of the report: one document, and its renderings."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from review import render, sarif
from review.collect import Report

DOCUMENT = "report.json"


def write(made: Report, folder: Path) -> None:
    """Write all files to ``folder``, in place of older ones."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in rendered(made).items():
        (folder / name).write_text(content)


def rendered(made: Report) -> Mapping[str, str]:
    """Return the content of each file by its name."""
    return {
        DOCUMENT: _json(made),
        "report.sarif": _json(sarif.document(made["findings"])),
        "report.md": render.markdown(made),
        "report.html": render.html(made),
    }


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"
