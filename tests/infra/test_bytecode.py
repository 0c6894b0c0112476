"""A bundle's bytecode depends on its sources and on the interpreter's version, on nothing else."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from services import bundling, bytecode
from services.bundling import bundle
from tests.infra.trees import digests

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ["canary", "processor", "stream_consumer"]
# PEP 552: magic number, flags (1: a hash, 2: to be checked), hash of the source.
UNCHECKED_HASH = 1
CURRENT = ".".join(str(part) for part in sys.version_info[:2])


@pytest.fixture(params=SERVICES)
def bundled(request: pytest.FixtureRequest) -> Path:
    return bundle(ROOT / "services" / request.param / "runtime", "host")


def test_every_module_is_compiled_and_python_need_not_look_at_its_source(bundled: Path) -> None:
    for source in bundled.rglob("*.py"):
        compiled = Path(importlib.util.cache_from_source(source)).read_bytes()
        assert compiled[:4] == importlib.util.MAGIC_NUMBER
        assert int.from_bytes(compiled[4:8], "little") == UNCHECKED_HASH
        assert compiled[8:16] == importlib.util.source_hash(source.read_bytes())


def test_bytecode_names_its_source_as_lambda_will_see_it(bundled: Path) -> None:
    source = Path("services", "__init__.py")

    compiled = Path(importlib.util.cache_from_source(bundled / source)).read_bytes()

    assert f"/var/task/{source}".encode() in compiled


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_compiling_elsewhere_in_another_order_makes_the_same_bytes(
    bundled: Path, tmp_path: Path, seed: str
) -> None:
    elsewhere = tmp_path / "a" / "copy"
    shutil.copytree(bundled, elsewhere, ignore=shutil.ignore_patterns("__pycache__"))
    folders = sorted(elsewhere.iterdir(), reverse=int(seed) % 2 == 1)

    # "-I" would ignore the seed.
    compiling = [sys.executable, "-m", "compileall", "-q", *bytecode.COMPILE_OPTIONS]
    for folder in folders:
        subprocess.run(
            [*compiling, "-s", elsewhere, folder],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        )

    assert digests(elsewhere) == digests(bundled)


def test_a_traceback_still_names_the_real_file(bundled: Path) -> None:
    code = "import jmespath; print(jmespath.search.__code__.co_filename)"

    shown = subprocess.run(
        [sys.executable, "-B", "-c", code],
        env={"PYTHONPATH": str(bundled)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert shown.stdout.strip() == str(bundled / "jmespath" / "__init__.py")


def test_the_current_interpreter_compiles_if_it_has_lambda_s_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bytecode, "LAMBDA_PYTHON", CURRENT)

    assert bytecode.lambda_python.__wrapped__() == Path(sys.executable)


def test_a_machine_without_lambda_s_python_says_so_in_one_line_when_it_is_set_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bytecode, "LAMBDA_PYTHON", "3.99")
    monkeypatch.setattr(bundling, "lambda_python", bytecode.lambda_python.__wrapped__)

    bundling.prepare()

    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "no Python 3.14 to compile with" in err


def test_the_name_of_a_bundle_tells_who_compiled_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "none").mkdir()
    monkeypatch.setattr(bundling, "BUNDLES", tmp_path)
    monkeypatch.setattr(bundling, "_packages", lambda *_: tmp_path / "none")
    monkeypatch.setattr(bundling, "compile_modules", lambda *_: None)
    monkeypatch.setattr(bundling, "version", str)
    names = set()
    for compiler in (None, Path("3.14.3"), Path("3.14.8")):
        monkeypatch.setattr(bundling, "lambda_python", lambda found=compiler: found)
        names.add(bundle(ROOT / "services" / "processor" / "runtime", "lambda").name)

    assert len(names) == 3
