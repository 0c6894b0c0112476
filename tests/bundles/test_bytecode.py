"""A bundle's bytecode depends on its sources and on the interpreter's version, on nothing else."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from services import bundling, bytecode
from services.bundling import bundle
from services.lambda_python import FUNCTIONS_PYTHON
from tests.bundles.lambda_runtime import SERVICES, run, runtime_dir
from tests.infra.trees import digests

# PEP 552: magic number, flags (1: a hash, 2: to be checked), hash of the source.
UNCHECKED_HASH = 1
READ_BYTECODE = """
import importlib.util, json, pathlib, sys
made = {}
for source in pathlib.Path(sys.argv[1]).rglob("*.py"):
    compiled = pathlib.Path(importlib.util.cache_from_source(source)).read_bytes()
    is_ours = compiled[:4] == importlib.util.MAGIC_NUMBER
    of_source = compiled[8:16] == importlib.util.source_hash(source.read_bytes())
    flags = int.from_bytes(compiled[4:8], "little")
    made[str(source)] = is_ours and of_source and flags
print(json.dumps(made))
"""
SHOW_FILE = """
import json, sys
sys.path.insert(0, sys.argv[1])
import jmespath
print(json.dumps(jmespath.search.__code__.co_filename))
"""


@pytest.fixture(params=SERVICES)
def bundled(request: pytest.FixtureRequest) -> Path:
    return bundle(runtime_dir(request.param), "host")


def test_every_module_is_compiled_and_python_need_not_look_at_its_source(bundled: Path) -> None:
    made = run(READ_BYTECODE, bundled)

    assert made
    assert {source for source, flags in made.items() if flags != UNCHECKED_HASH} == set()


def test_bytecode_names_its_source_as_lambda_will_see_it(bundled: Path) -> None:
    [compiled] = (bundled / "services" / "__pycache__").glob("__init__.*.pyc")

    assert b"/var/task/services/__init__.py" in compiled.read_bytes()


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_compiling_elsewhere_in_another_order_makes_the_same_bytes(
    bundled: Path, tmp_path: Path, seed: str
) -> None:
    elsewhere = tmp_path / "a" / "copy"
    shutil.copytree(bundled, elsewhere, ignore=shutil.ignore_patterns("__pycache__"))
    folders = sorted(elsewhere.iterdir(), reverse=int(seed) % 2 == 1)

    # "-I" would ignore the seed.
    compiling = [str(FUNCTIONS_PYTHON), "-m", "compileall", "-q", *bytecode.COMPILE_OPTIONS]
    compiling += ["-s", str(elsewhere), *map(str, folders)]
    subprocess.run(compiling, env={**os.environ, "PYTHONHASHSEED": seed}, check=True)

    assert digests(elsewhere) == digests(bundled)


def test_a_traceback_still_names_the_real_file(bundled: Path) -> None:
    shown = run(SHOW_FILE, bundled)

    assert shown == str(bundled / "jmespath" / "__init__.py")


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
        names.add(bundle(runtime_dir("processor"), "lambda").name)

    assert len(names) == 3
