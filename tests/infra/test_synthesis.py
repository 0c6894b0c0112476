"""``python pipeline_app.py`` as the CDK command line runs it, on a machine that has nothing."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aws_cdk.cx_api import CloudAssembly

from policies import synthesis
from tests import deployer
from tests.infra.conftest import app_in
from tests.infra.trees import digests

ROOT = Path(__file__).resolve().parents[2]
# jsii unpacks the library into its home's cache, which takes 8 s when that is empty.
JSII_CACHE = Path.home() / ".cache" / "aws" / "jsii" / "package-cache"


def synthesize(folder: Path, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run the app with an empty home and no credentials; its assembly is ``folder / "out"``."""
    home = folder / "home"
    home.mkdir(parents=True)
    return subprocess.run(
        [sys.executable, "pipeline_app.py"],
        cwd=ROOT,
        env={
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(home),
            "CDK_CONTEXT_JSON": json.dumps(deployer.context(**settings)),
            "CDK_OUTDIR": str(folder / "out"),
            "CDK_VALIDATION": "false",
            "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(JSII_CACHE),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def templates(folder: Path) -> dict[str, str]:
    files = digests(folder).items()
    return {name: digest for name, digest in files if name.endswith(".template.json")}


@pytest.fixture(scope="module")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assembly's folder."""
    folder = tmp_path_factory.mktemp("synthesized")
    result = synthesize(folder)
    assert result.stderr == "", result.stderr
    assert result.returncode == 0
    return folder / "out"


def test_synthesis_without_credentials_gives_the_same_bytes_twice(
    synthesized: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The second time in this process, which has a home and credentials, and the CDK loaded.
    monkeypatch.delenv("JSII_HOST_STACK_TRACES", raising=False)
    synthesis.synthesize(app_in(tmp_path / "out"), datetime.now(tz=UTC).date())

    assert digests(tmp_path / "out") == digests(synthesized)


def test_the_policies_change_no_template(assembly: CloudAssembly, synthesized: Path) -> None:
    assert templates(synthesized)
    assert templates(synthesized) == templates(Path(assembly.directory))


WRONG_CONTEXT = {
    "account": "123",
    "standbyAccount": None,
    "bucketSuffix": "Not-A-Bucket",
    "alertEmail": "nobody",
    "bundlePlatform": "windows",
}


@pytest.fixture(scope="module")
def refusal(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    return synthesize(tmp_path_factory.mktemp("wrong"), **WRONG_CONTEXT)


def test_an_invalid_context_is_rejected_without_a_traceback(
    refusal: subprocess.CompletedProcess[str],
) -> None:
    assert refusal.returncode == 1
    assert refusal.stderr.startswith("error: invalid context in cdk.json")
    assert "Traceback" not in refusal.stderr


@pytest.mark.parametrize("key", WRONG_CONTEXT)
def test_the_rejection_names_every_invalid_key(
    refusal: subprocess.CompletedProcess[str], key: str
) -> None:
    lines = [line for line in refusal.stderr.splitlines() if line.startswith(f"  {key} = ")]

    [line] = lines
    assert json.dumps(WRONG_CONTEXT[key]) in line
    assert ": must be " in line
