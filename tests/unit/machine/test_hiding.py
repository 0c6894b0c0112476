"""A module that hides another is named before it can end any command in a traceback."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from machine.hiding import hiding

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The Makefile and the script, with nothing installed but the name of a package."""
    (tmp_path / "machine").mkdir()
    shutil.copy(ROOT / "machine" / "hiding.py", tmp_path / "machine")
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / ".venv/lib/python3.14/site-packages/yaml").mkdir(parents=True)
    (tmp_path / "naming.py").touch()
    return tmp_path


def make(project: Path) -> subprocess.CompletedProcess[str]:
    command = ["make", "help", f"PYTHON={sys.executable}"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def test_nothing_of_the_project_hides_anything(project: Path) -> None:
    assert hiding(ROOT) == []
    assert make(project).returncode == 0


@pytest.mark.parametrize("name", ["random.py", "json/__init__.py", "yaml.py", "re.so", "sys.pyc"])
def test_what_hides_a_module_is_named_by_make_with_the_remedy(project: Path, name: str) -> None:
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("raise SystemExit('taken')\n")

    told = make(project)

    assert told.returncode == 2
    assert f"module-shadowed: {name}: run from here" in told.stderr
    assert "choose another name" in told.stderr
    assert "Traceback" not in told.stderr + told.stdout


def test_a_folder_without_code_of_its_own_hides_nothing(project: Path) -> None:
    (project / "json").mkdir()
    (project / "json" / "a.py").touch()

    assert hiding(project) == []
