"""Renderings of the report, which are pure functions of it."""

from policies.review.render.html import html
from policies.review.render.markdown import markdown

__all__ = ["html", "markdown"]
