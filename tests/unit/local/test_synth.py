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
    """Where a stand-in of the CDK CLI writes; it notes its runs beside it."""
    cdk = tmp_path / "bin" / "cdk"
    cdk.parent.mkdir()
    cdk.write_text(CDK)
    cdk.chmod(0o755)
    monkeypatch.setattr(synth, "tools_path", lambda: f"{cdk.parent}:/bin:/usr/bin")
    source = tmp_path / "repository" / "stages"
    source.mkdir(parents=True)
    monkeypatch.setattr(synth, "REPOSITORY", source.parent)
    return tmp_path / "cdk.out"


def told(assembly: Path) -> list[str]:
    """What the stand-in was told, from ``--output`` on, in each run."""
    file = assembly.parent / "runs"
    return file.read_text().splitlines() if file.exists() else []


def runs(assembly: Path) -> int:
    return len(told(assembly))


def test_an_assembly_is_synthesized_once_while_its_inputs_stay_the_same(assembly: Path) -> None:
    synth.synthesize(assembly)
    synth.synthesize(assembly)

    assert runs(assembly) == 1


def test_a_changed_input_is_synthesized_anew(assembly: Path) -> None:
    synth.synthesize(assembly)

    (assembly.parent / "repository" / "stages" / "naming.py").write_text("A = 2")
    synth.synthesize(assembly)

    assert runs(assembly) == 2


def test_both_regions_are_in_the_account_of_the_local_cloud_whoever_deploys(assembly: Path) -> None:
    synth.synthesize(assembly)

    [words] = told(assembly)
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
