"""What is looked for in the files of a tree, whatever else lies there."""

import subprocess
from pathlib import Path

import pytest

from policies.scan.tree import inspect


@pytest.mark.parametrize("to", ["gone", "."])
def test_a_link_that_leads_to_no_file_is_passed_over(tmp_path: Path, to: str) -> None:
    (tmp_path / "run.sh").symlink_to(to)
    (tmp_path / "check.sh").write_text("make check || true\n")

    [found] = inspect(tmp_path)

    assert (found.kind.endswith("status-swallowed"), found.path) == (True, "check.sh")


def test_what_is_committed_where_tools_write_is_told_by_its_folder(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)

    made = ("build/bases/a.json", "build/bases/b.json", "rules/__pycache__/a.pyc")
    for name in (*made, "rules/a.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(bytes(16))
    (tmp_path / "rules/a.py").write_text("A = 1\n")
    (tmp_path / ".gitignore").write_text("build/\n__pycache__/\n")
    git("init", "--quiet")
    git("add", "--all")
    assert [*inspect(tmp_path)] == []

    git("add", "--force", *made)

    found = [*inspect(tmp_path)]
    assert [each.path for each in found] == ["build/bases", "rules/__pycache__"]
    assert {each.kind for each in found} == {"tree-product-committed"}


def test_compiled_code_that_names_no_time_is_told_unless_it_is_of_a_test(tmp_path: Path) -> None:
    cache = tmp_path / "__pycache__"
    cache.mkdir()
    (tmp_path / "a.py").touch()
    for name, flags in (("a.cpython-311", 0), ("b.cpython-311", 3), ("a.cpython-311-pytest-9", 3)):
        (cache / f"{name}.pyc").write_bytes(bytes([0, 0, 0, 0, flags, 0, 0, 0]))

    [found] = inspect(tmp_path)

    assert (found.kind, found.path) == ("tree-code-compiled", "__pycache__/b.cpython-311.pyc")
