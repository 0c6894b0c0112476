"""``report.html``: one self-contained page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from review.render.view import view

TEMPLATES = Path(__file__).parent
ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def html(report: Mapping[str, Any]) -> str:
    """Return the page; all text in it is escaped, that of the diagram by the diagram itself."""
    style = Markup((TEMPLATES / "report.css").read_text())  # noqa: S704  # our own file
    drawing = Markup(report["diagram"]["svg"])  # noqa: S704  # escaped by review.drawing
    return ENVIRONMENT.get_template("report.html.j2").render(
        **view(report), style=style, drawing=drawing
    )
