"""What a person sees of a contract that is refused when it is first asked for."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from services.processor.runtime import contracts

ROOT = Path(__file__).resolve().parents[3]
FORM = "form = FileForm(zone='CET/Berlin')"
IMPORT = "from services.processor.runtime.declaration import FileForm"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"{IMPORT}\n\n{FORM}", "Error: counts.py, line 3: zone is 'CET/Berlin'; expected a name"),
        ("", "Error: counts.py in contracts/ has no CONTRACT = Contract(...)"),
    ],
)
def test_a_contract_that_is_refused_is_one_sentence_that_says_where(
    tmp_path: Path, text: str, sentence: str
) -> None:
    uncompiled = shutil.ignore_patterns("__pycache__")  # to which others are writing
    for package in ("datasets", "machine", "ops", "services/processor"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=uncompiled)
    (tmp_path / "services" / "__init__.py").touch()
    folder = Path(contracts.__file__).parent.relative_to(ROOT)
    (tmp_path / folder / "counts.py").write_text(text)

    done = subprocess.run(  # fixed arguments
        [sys.executable, "-m", "datasets", "try", "counts", "file.csv"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 3
    assert done.stderr.startswith(sentence)
    assert len(done.stderr.splitlines()) == 1
