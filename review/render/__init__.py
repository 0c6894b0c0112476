"""Renderings of the report, which are pure functions of it."""

from review.render.html import html
from review.render.markdown import markdown

__all__ = ["html", "markdown"]
