"""Where a difference beside the templates is: the file and, where it is known, the line."""

from pathlib import Path

import pytest

from policies.app import CDK_JSON
from policies.changes import documents, guards
from policies.changes.differences import Difference, differences
from policies.changes.documents import document
from policies.changes.kinds import findings
from policies.changes.update import Update, update
from tests.policy.changes.updates import SPEC


def changed(before: str, after: str) -> list[Difference]:
    """The differences between two texts of the app's settings."""
    old, new = documents.app_settings(before), documents.app_settings(after)
    return differences(Update(before=old, after=new, changes=()))


def test_a_setting_is_told_with_its_line() -> None:
    [each] = changed('{\n  "context": {\n    "a": "1"\n}}', '{\n  "context": {\n    "a": "2"\n}}')

    assert each.line == f"{CDK_JSON}:3"


def test_a_setting_that_is_gone_is_told_with_the_line_of_what_it_was_in() -> None:
    [each] = changed('{\n"context": {"a": "1", "b": "1"}}', '{\n"context": {"a": "1"}}')

    assert each.line == f"{CDK_JSON}:2"


@pytest.mark.parametrize(
    ("where", "line"),
    [
        (("packages", "click", "requirements/dev.txt", "locked"), "requirements/dev.txt"),
        (("packages", "node_modules/aws-cdk", "package-lock.json"), "package-lock.json"),
        (("code", "policies/gate.py"), "policies/gate.py"),
        (("files", "Makefile"), "Makefile"),
        (("files", ".npmrc"), ".npmrc"),
        (("TerminationProtection",), ""),
    ],
)
def test_what_has_no_line_is_told_with_its_file(where: tuple[str, ...], line: str) -> None:
    one = document(guards.NAME, {})

    assert Difference(stack=one, owner=None, where=where, before=1, after=2).line == line


@pytest.mark.parametrize(("file", "before"), [(".ci/run", 0o755), ("samples/a.csv", 0o644)])
def test_a_file_that_begins_or_ceases_to_be_a_program_is_told_once(
    file: str, before: int, tmp_path: Path
) -> None:
    (path := tmp_path / file).parent.mkdir()
    path.write_text("")
    path.chmod(before)
    base = guards.here(tmp_path)
    path.chmod(before ^ 0o111)

    [found] = findings(update(base, guards.here(tmp_path), SPEC))

    assert (found.kind, found.source) == ("mode-changed", file)


def test_a_second_work_tree_of_git_is_no_difference(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: elsewhere")

    assert guards.here(tmp_path).template["files"] == {}
