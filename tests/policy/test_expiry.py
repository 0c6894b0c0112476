"""An expiry that a deployer sets is found, and accepted by the rows that the docs show."""

import re
import shutil
from pathlib import Path

import pytest

from policies import register, synthesis
from tests.policy.conftest import Synthesize

PAGE = Path(__file__).resolve().parents[2] / "docs" / "deployment.md"
DAYS = {"rawFilesKeptDays": "400", "rejectedRowsKeptDays": "90"}


@pytest.fixture
def accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register like the project's."""
    folder = shutil.copytree(register.FOLDER, tmp_path / "accepted")
    monkeypatch.setattr(register, "FOLDER", folder)
    return folder


def test_an_expiry_stops_synthesis_as_long_as_nobody_accepts_it(synthesize: Synthesize) -> None:
    with pytest.raises(synthesis.PolicyError) as refused:
        synthesize(**DAYS)

    found = set(re.findall(r"^Project-\S+", str(refused.value), re.MULTILINE))
    assert found == {
        "Project-nothing-expires[ExpirationInDays-is-400]",
        'Project-nothing-expires[NoncurrentVersionExpiration-is-{"NoncurrentDays":-400}]',
        "Project-nothing-expires[items-expire-by-expiresAt]",
    }


def test_the_documented_rows_accept_it(synthesize: Synthesize, accepted: Path) -> None:
    [rows] = re.findall(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (accepted / "expiry.toml").write_text(rows)

    assert synthesize(**DAYS).exists()
