"""One local cloud per session: the synthesized stacks, deployed by the CDK, IAM enforced."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from local import synth
from local.cloud import Cloud
from tests.e2e import function_effects, used_rights
from tests.e2e.preloaded import preloaded

ROOT = Path(__file__).resolve().parents[2]
# Shared by sessions, synthesized again when a source has changed.
ASSEMBLY = ROOT / "build" / "e2e" / "cdk.out"


@pytest.fixture(scope="session")
def assembly() -> Path:
    synth.synthesize(ASSEMBLY)
    return ASSEMBLY


@pytest.fixture(scope="session")
def ops_folder() -> Iterator[Path]:
    """A folder for the front of the PATH, with an ``ops`` that starts quickly."""
    # Not below pytest's own folder: a socket's path has at most a hundred characters.
    with TemporaryDirectory() as folder, preloaded(Path(folder)):
        yield Path(folder)


@pytest.fixture(scope="session")
def cloud(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A cloud for the tests alone, whose asynchronous retries follow at once."""
    state = tmp_path_factory.mktemp("cloud")
    options = {
        "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.1",
        "USED_RIGHTS": str(state / used_rights.FILE),
        "FUNCTION_EFFECTS": str(state / function_effects.FILE),
    }
    cloud = Cloud.start(state, assembly=assembly, options=options)
    yield cloud
    unexpected = "\n".join(function_effects.unexpected(cloud))
    cloud.stop()
    assert not unexpected
