from pathlib import Path

import pytest

from local import digest


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    for name in ("assembly-a/x.template.json", "assembly-a/x.assets.json", "tree.json"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("{}")
    return tmp_path


@pytest.mark.parametrize("name", ["assembly-a/x.template.json", "assembly-a/x.assets.json"])
def test_an_assembly_with_another_template_or_code_has_another_digest(
    assembly: Path, name: str
) -> None:
    before = digest.of_assembly(assembly)

    (assembly / name).write_text('{"changed": true}')

    assert digest.of_assembly(assembly) != before


def test_what_is_not_deployed_does_not_count(assembly: Path) -> None:
    before = digest.of_assembly(assembly)

    (assembly / "tree.json").write_text('{"changed": true}')

    assert digest.of_assembly(assembly) == before


def test_sources_are_files_and_folders_without_caches(tmp_path: Path) -> None:
    (tmp_path / "stages" / "__pycache__").mkdir(parents=True)
    (tmp_path / "stages" / "naming.py").write_text("A = 1")
    before = digest.of_sources(tmp_path, ["stages", "cdk.json"])

    (tmp_path / "stages" / "__pycache__" / "naming.pyc").write_bytes(b"cache")
    assert digest.of_sources(tmp_path, ["stages", "cdk.json"]) == before

    (tmp_path / "cdk.json").write_text("{}")
    assert digest.of_sources(tmp_path, ["stages", "cdk.json"]) != before


def test_a_moved_file_changes_the_digest(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("same")
    before = digest.of_sources(tmp_path, ["a", "b"])

    (tmp_path / "a").rename(tmp_path / "b")

    assert digest.of_sources(tmp_path, ["a", "b"]) != before
