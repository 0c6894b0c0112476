from pathlib import Path

import pytest

from local import synth
from local.errors import LocalCloudError

CDK = """#!/bin/sh
while [ "$1" != --output ]; do shift; done
mkdir -p "$2" && echo run >> "$2/../runs" && exit ${CDK_EXIT:-0}
"""


@pytest.fixture
def assembly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a stand-in of the CDK CLI writes; it counts its runs beside it."""
    cdk = tmp_path / "bin" / "cdk"
    cdk.parent.mkdir()
    cdk.write_text(CDK)
    cdk.chmod(0o755)
    monkeypatch.setattr(synth, "tools_path", lambda: f"{cdk.parent}:/bin:/usr/bin")
    source = tmp_path / "repository" / "stages"
    source.mkdir(parents=True)
    monkeypatch.setattr(synth, "REPOSITORY", source.parent)
    return tmp_path / "cdk.out"


def runs(assembly: Path) -> int:
    file = assembly.parent / "runs"
    return len(file.read_text().splitlines()) if file.exists() else 0


def test_an_assembly_is_synthesized_once_while_its_inputs_stay_the_same(assembly: Path) -> None:
    synth.synthesize(assembly)
    synth.synthesize(assembly)

    assert runs(assembly) == 1


def test_a_changed_input_is_synthesized_anew(assembly: Path) -> None:
    synth.synthesize(assembly)

    (assembly.parent / "repository" / "stages" / "naming.py").write_text("A = 2")
    synth.synthesize(assembly)

    assert runs(assembly) == 2


def test_a_failure_is_an_error_and_is_tried_again(
    assembly: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDK_EXIT", "1")
    with pytest.raises(LocalCloudError, match="cdk synth failed"):
        synth.synthesize(assembly)

    monkeypatch.delenv("CDK_EXIT")
    synth.synthesize(assembly)

    assert runs(assembly) == 2
