"""A link in a page leads somewhere: to a file that is there, and to a section that it has."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
CODE = re.compile(r"^```.*?^```|`[^`]*`", re.DOTALL | re.MULTILINE)


def prose(page: Path) -> str:
    return CODE.sub("", page.read_text())


def anchors(page: Path) -> list[str]:
    """The anchors of the page's sections as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    titles = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, section = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if section and file.suffix == ".md":
            assert section in anchors(file), target


def test_a_runbook_is_linked_by_its_own_name() -> None:
    """Who is woken looks the alarm up by its name, and follows the page of that one."""
    table = (ROOT / "docs" / "runbooks" / "README.md").read_text()
    rows = re.findall(r"^\| \[([\w-]+)\]\(([^)#]+)\)", table, flags=re.MULTILINE)

    assert len(rows) > 1
    assert [(name, page) for name, page in rows if page != f"{name}.md"] == []
