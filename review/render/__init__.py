"""The report's files: one document, and its renderings, which are pure functions of it.

The page and the comment on a pull request are the same template: GitHub shows HTML, without its
styles and as long as no line of it is empty.
"""

import json
import re
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from review.render.view import view

DOCUMENT, MAIL = "report.json", "mail.txt"
ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=select_autoescape(["html.j2"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# GitHub accepts 65,536 characters; the page has the rest.
LONGEST = 60_000
LEFT_OUT = "<p><i>The rest is too long for this comment; see <code>report.html</code>.</i></p>\n"
# CodePipeline puts it between its own lines; a long list is for the report.
LONGEST_MAIL = 800
# Of that, what a long list of commits or one long right may take.
COMMITS, EXACT = 300, 60
# A variable of a pipeline is written like this, and a shell's like that.
MEANT = str.maketrans({"#": "", "$": "", "`": "'", "\\": "/", '"': "'"})


def write(report: Mapping[str, Any], folder: Path) -> None:
    """Write all files to ``folder``, in place of older ones."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files(report).items():
        (folder / name).write_text(content)


def files(report: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the content of each file by its name; all text in the page and comment is escaped."""
    seen = view(report)
    return {
        DOCUMENT: json.dumps(report, indent=2) + "\n",
        "report.md": _comment(seen),
        "report.html": ENVIRONMENT.get_template("page.html.j2").render(seen, page=True),
        MAIL: _mail(seen),
    }


def _comment(seen: Mapping[str, Any]) -> str:
    """Return as many whole parts as fit in a comment."""
    body = ENVIRONMENT.get_template("parts.html.j2").render(seen, page=False)
    # Nobody is told of a report by a word in it.
    body = re.sub(r"\n\s*\n+", "\n", body.replace("@", "&#64;"))
    written = ""
    for part in re.split(r"(?=^<h2)", body, flags=re.MULTILINE):
        if len(written) + len(part) + len(LEFT_OUT) > LONGEST:
            return written + LEFT_OUT
        written += part
    return written


def _mail(seen: Mapping[str, Any]) -> str:
    """Return what asks for an approval, in one line: the verdict and the commits.

    It has at most ``LONGEST_MAIL`` characters, and none that a pipeline or a shell would read.
    """
    commits = [*reversed(seen["sources"]["commits"])] or [seen["commit"]]
    subjects = (f"{each['subject']} ({each['author']})" for each in commits if each["subject"])
    listed = "; ".join(each.removesuffix(" ()") for each in subjects)
    told = f"Commits: {textwrap.shorten(listed, COMMITS, placeholder=' …')}." if listed else ""
    whole = ENVIRONMENT.get_template("mail.txt.j2").render(seen, said=_said)
    # The reasons may be too many for a mail; the commits are always told.
    told, whole = (" ".join(each.translate(MEANT).split()) for each in (told, whole))
    room = LONGEST_MAIL - len(told) - 1
    return f"{textwrap.shorten(whole, room, placeholder=' …')} {told}".strip()


def _said(groups: Iterable[Mapping[str, Any]]) -> str:
    """Return what the groups say, each sentence once."""
    return "; ".join(dict.fromkeys(map(_reason, groups)))


def _reason(group: Mapping[str, Any]) -> str:
    if group["why"] or not group["kind"]:
        return str(group["says"])
    places = [each["local"] for each in group["rows"]]
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    exact = f" {group['exact']}" if len(group["exact"]) <= EXACT else ""
    return f"{group['says']}: {group['kind']}{exact} at {places[0]}{more}".removeprefix(": ")
