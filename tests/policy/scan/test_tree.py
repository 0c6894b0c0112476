"""What is looked for in the files of a tree, whatever else lies there."""

from pathlib import Path

import pytest

from policies.scan.tree import inspect


@pytest.mark.parametrize("to", ["gone", "."])
def test_a_link_that_leads_to_no_file_is_passed_over(tmp_path: Path, to: str) -> None:
    (tmp_path / "run.sh").symlink_to(to)
    (tmp_path / "check.sh").write_text("make check || true\n")

    [found] = inspect(tmp_path)

    assert (found.kind.endswith("status-swallowed"), found.path) == (True, "check.sh")
