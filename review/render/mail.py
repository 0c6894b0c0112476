"""What the mail that asks for an approval says, in one line: the verdict and the commits."""

from collections.abc import Mapping
from typing import Any

from review.render.merged import grouped

# CodePipeline puts it between its own lines; a long list is for the report.
MOST = 800
# A variable of a pipeline is written like this, and a shell's like that.
MEANT = str.maketrans({"#": "", "$": "", "`": "'", "\\": "/", '"': "'"})


def text(report: Mapping[str, Any]) -> str:
    """Return at most ``MOST`` characters, without any that a pipeline or a shell would read."""
    verdict, commits = report["verdict"], report["sources"]["commits"]
    word = "GREEN" if verdict["colour"] == "green" else "RED, do not approve"
    reasons = "; ".join(map(_reason, grouped(verdict["reasons"]))) or "nothing stands out"
    subjects = [
        f"{each['subject']} ({each['author']})" if each["author"] else each["subject"]
        for each in commits or [report["commit"]]
        if each["subject"]
    ]
    told = f". Commits: {'; '.join(subjects)}" if subjects else ""
    whole = " ".join(f"{word}. To look at: {reasons}{told}".split()).translate(MEANT)
    return whole if len(whole) <= MOST else f"{whole[: MOST - 1]}…"


def _reason(group: Mapping[str, Any]) -> str:
    if not group["kind"]:
        return str(group["says"])
    places = [each["local"] for each in group["rows"]]
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    return f"{group['says'] or group['kind']} ({places[0]}{more})"
