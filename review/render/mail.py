"""What the mail that asks for an approval says, in one line: the verdict and the commits."""

import textwrap
from collections.abc import Mapping
from typing import Any

from review.render.merged import grouped

# CodePipeline puts it between its own lines; a long list is for the report.
MOST = 800
# Of that, what a long list of commits or one long right may take.
COMMITS, EXACT = 300, 60
# A variable of a pipeline is written like this, and a shell's like that.
MEANT = str.maketrans({"#": "", "$": "", "`": "'", "\\": "/", '"': "'"})


def text(report: Mapping[str, Any]) -> str:
    """Return at most ``MOST`` characters, without any that a pipeline or a shell would read."""
    verdict, commits = report["verdict"], report["sources"]["commits"]
    word = "GREEN by exception" if report["changes"]["acknowledged"] else "GREEN"
    if verdict["colour"] == "red":
        word = "RED, do not approve" if verdict["dangers"] else "RED, not proved"
    groups = grouped(verdict["reasons"])
    reasons = "; ".join(map(_reason, groups)) or "nothing"
    why = "".join(dict.fromkeys(f" {each['why']}" for each in groups if each["why"]))
    subjects = [
        f"{each['subject']} ({each['author']})".removesuffix(" ()")
        for each in commits or [report["commit"]]
        if each["subject"]
    ]
    # Before the reasons, which may be too many for a mail.
    listed = textwrap.shorten("; ".join(subjects), COMMITS, placeholder=" …")
    told = f" Commits: {listed}." if subjects else ""
    unproved = f" Not proved here: {verdict['unproved']}." if verdict["unproved"] else ""
    whole = f"{word}.{told} To look at: {reasons}.{why}{unproved}"
    return textwrap.shorten(whole.translate(MEANT), MOST, placeholder=" …")


def _reason(group: Mapping[str, Any]) -> str:
    if group["why"] or not group["kind"]:
        return str(group["says"])
    places = [each["local"] for each in group["rows"]]
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    exact = f" {group['exact']}" if len(group["exact"]) <= EXACT else ""
    return f"{group['says']}: {group['kind']}{exact} at {places[0]}{more}".removeprefix(": ")
