from pathlib import Path

import pytest

from local import synth
from local.errors import LocalCloudError

CDK = """#!/bin/sh
while [ "$1" != --output ]; do shift; done
mkdir -p "$2" && echo "$@" >> "$2/../runs" && exit ${CDK_EXIT:-0}
"""


@pytest.fixture
def assembly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a stand-in for the CDK CLI writes; it records its runs next to it."""
    cdk = tmp_path / "bin" / "cdk"
    cdk.parent.mkdir()
    cdk.write_text(CDK)
    cdk.chmod(0o755)
    monkeypatch.setattr(synth, "tools_path", lambda: f"{cdk.parent}:/bin:/usr/bin")
    source = tmp_path / "repository" / "stages"
    source.mkdir(parents=True)
    monkeypatch.setattr(synth, "REPOSITORY", source.parent)
    return tmp_path / "cdk.out"


def recorded(assembly: Path) -> list[str]:
    """Arguments of the stand-in, from ``--output`` on, in each run."""
    file = assembly.parent / "runs"
    return file.read_text().splitlines() if file.exists() else []


def runs(assembly: Path) -> int:
    return len(recorded(assembly))


def test_an_assembly_is_synthesized_once_while_its_inputs_stay_the_same(assembly: Path) -> None:
    synth.synthesize(assembly)
    synth.synthesize(assembly)

    assert runs(assembly) == 1


def test_a_changed_input_is_synthesized_anew(assembly: Path) -> None:
    synth.synthesize(assembly)

    (assembly.parent / "repository" / "stages" / "naming.py").write_text("A = 2")
    synth.synthesize(assembly)

    assert runs(assembly) == 2


def test_another_python_for_the_functions_is_synthesized_for_anew(
    assembly: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synth.synthesize(assembly)

    monkeypatch.setattr(synth, "version", lambda _: "cpython-399 3.99.0")
    synth.synthesize(assembly)

    assert runs(assembly) == 2


def test_both_regions_are_in_the_account_of_the_local_cloud_whoever_deploys(assembly: Path) -> None:
    synth.synthesize(assembly)

    [words] = recorded(assembly)
    assert {"account=000000000000", "standbyAccount=000000000000"} <= {*words.split()}


def test_a_failure_is_an_error_and_is_tried_again(
    assembly: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDK_EXIT", "1")
    with pytest.raises(LocalCloudError, match="cdk synth failed"):
        synth.synthesize(assembly)

    monkeypatch.delenv("CDK_EXIT")
    synth.synthesize(assembly)

    assert runs(assembly) == 2


@pytest.fixture
def synthesized(tmp_path: Path) -> Path:
    for name in ("assembly-a/x.template.json", "assembly-a/x.assets.json", "tree.json"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("{}")
    return tmp_path


@pytest.mark.parametrize("name", ["assembly-a/x.template.json", "assembly-a/x.assets.json"])
def test_an_assembly_with_another_template_or_code_has_another_digest(
    synthesized: Path, name: str
) -> None:
    before = synth.assembly_digest(synthesized)

    (synthesized / name).write_text('{"changed": true}')

    assert synth.assembly_digest(synthesized) != before


def test_what_is_not_deployed_does_not_count(synthesized: Path) -> None:
    before = synth.assembly_digest(synthesized)

    (synthesized / "tree.json").write_text('{"changed": true}')

    assert synth.assembly_digest(synthesized) == before


def test_sources_are_files_and_folders_without_caches(tmp_path: Path) -> None:
    (tmp_path / "stages" / "__pycache__").mkdir(parents=True)
    (tmp_path / "stages" / "naming.py").write_text("A = 1")
    before = synth.sources_digest(tmp_path, ["stages", "cdk.json"])

    (tmp_path / "stages" / "__pycache__" / "naming.pyc").write_bytes(b"cache")
    assert synth.sources_digest(tmp_path, ["stages", "cdk.json"]) == before

    (tmp_path / "cdk.json").write_text("{}")
    assert synth.sources_digest(tmp_path, ["stages", "cdk.json"]) != before


def test_a_moved_file_changes_the_digest(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("same")
    before = synth.sources_digest(tmp_path, ["a", "b"])

    (tmp_path / "a").rename(tmp_path / "b")

    assert synth.sources_digest(tmp_path, ["a", "b"]) != before
