"""What a rehearsal pushes must not fail a check that it is not about.

Not among the unit tests: those run in the rehearsed build as well, where a change is made already.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local.paths import REPOSITORY
from local.rehearsal import scenario_edits
from local.rehearsal.source_action import Remotes, git
from local.rehearsal.working_copy import WorkingCopy

CHANGES = (
    scenario_edits.change_handler,
    scenario_edits.break_handler,
    scenario_edits.violate_policy,
    scenario_edits.change_pipeline,
)


@pytest.fixture
def copy(tmp_path: Path) -> WorkingCopy:
    remote = Remotes(tmp_path / "remotes").create("owner/ours", "main")
    tree = tmp_path / "tree"
    for file in (
        scenario_edits.MAIN,
        scenario_edits.WIRING,
        scenario_edits.STAGE,
        scenario_edits.APPROVAL,
        "pyproject.toml",
    ):
        (tree / file).parent.mkdir(parents=True, exist_ok=True)
        (tree / file).write_text((REPOSITORY / file).read_text())
    return WorkingCopy.create(tree, tmp_path / "clone", remote=remote, branch="main")


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_is_one_and_is_well_formed(
    copy: WorkingCopy, change: Callable[[WorkingCopy], None]
) -> None:
    before = git("rev-parse", "HEAD", folder=copy.folder)

    change(copy)

    changed = git("diff", "--name-only", before, "HEAD", folder=copy.folder).splitlines()
    sources = [each for each in changed if each.endswith(".py")]
    ruff = str(Path(sys.executable).with_name("ruff"))
    for verb in (["format", "--check"], ["check", "--select", "E,F,W"]):
        subprocess.run([ruff, *verb, *sources], cwd=copy.folder, check=True, capture_output=True)
    assert len(sources) == 1
    assert {*changed} <= {*sources, scenario_edits.ACCEPTED}
