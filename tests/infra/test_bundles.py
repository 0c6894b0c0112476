"""A bundle holds sources under their dotted path, their locked packages, and their bytecode."""

import shutil
import sys
from pathlib import Path

import aws_lambda_powertools
import pytest

from services import bundling
from services.bundling import bundle
from services.left_out import LEFT_OUT
from tests.infra.trees import digests

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ["canary", "processor", "stream_consumer"]
PLATFORMS = ["lambda", "host"]
ARM64 = 0xB7


def runtime_dir(service: str) -> Path:
    return ROOT / "services" / service / "runtime"


@pytest.fixture(scope="module", params=PLATFORMS)
def platform(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module", params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def bundled(service: str, platform: str) -> Path:
    return bundle(runtime_dir(service), platform)


def test_a_bundle_is_the_same_wherever_it_is_made(
    service: str, platform: str, bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "packages").symlink_to(bundling.BUNDLES / "packages")
    monkeypatch.setattr(bundling, "BUNDLES", tmp_path)

    elsewhere = bundle(runtime_dir(service), platform)

    assert elsewhere.is_relative_to(tmp_path)
    assert elsewhere.name == bundled.name
    assert digests(elsewhere) == digests(bundled)


def test_a_changed_source_makes_another_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(
        ROOT / "services" / "stream_consumer",
        tmp_path / "services" / "stream_consumer",
        ignore=shutil.ignore_patterns("__pycache__"),  # to which others are writing
    )
    (tmp_path / "services" / "__init__.py").touch()
    (tmp_path / "packages").symlink_to(bundling.BUNDLES / "packages")
    monkeypatch.setattr(bundling, "ROOT", tmp_path)
    monkeypatch.setattr(bundling, "BUNDLES", tmp_path)
    runtime = tmp_path / "services" / "stream_consumer" / "runtime"

    before = bundle(runtime, "lambda")
    (runtime / "settings.py").write_text("CHANGED = True\n")
    after = bundle(runtime, "lambda")

    changed = "services/stream_consumer/runtime/settings.py"
    assert after != before
    assert (after / changed).read_text() == "CHANGED = True\n"
    assert (before / changed).read_text() != "CHANGED = True\n"


def test_only_the_services_own_sources_are_taken_from_the_repository(
    service: str, bundled: Path
) -> None:
    expected = {
        str(source.relative_to(ROOT))
        for source in [
            ROOT / "services" / "__init__.py",
            ROOT / "services" / service / "__init__.py",
            *runtime_dir(service).rglob("*.py"),
            *(ROOT / bundling.SHARED).rglob("*.py"),
        ]
    }

    sources = {name for name in digests(bundled) if not name.endswith(".pyc")}
    assert {name for name in sources if name.startswith("services/")} == expected


def test_a_bundle_holds_no_trace_of_how_it_was_made(bundled: Path) -> None:
    by_the_installer = {"RECORD", "INSTALLER", "REQUESTED", "uv_cache.json", "direct_url.json"}
    found = {
        str(file.relative_to(bundled))
        for file in bundled.rglob("*")
        if file.name in by_the_installer or file.name.startswith(".")
    }

    assert found == set()


def test_what_no_function_imports_is_left_out(bundled: Path) -> None:
    found = [str(path) for pattern in LEFT_OUT for path in bundled.glob(pattern)]

    assert found == []


@pytest.mark.parametrize("path", [path for path in LEFT_OUT if "*" not in path])
def test_what_is_left_out_exists_in_the_packages(path: str) -> None:
    # Those of this environment are whole, and locked at the same versions.
    packages = Path(aws_lambda_powertools.__file__).parents[1]

    assert (packages / path).exists()


def test_every_package_keeps_its_name_and_its_licence(bundled: Path) -> None:
    for info in bundled.glob("*.dist-info"):
        files = [file.name for file in info.rglob("*")]
        assert "METADATA" in files
        assert any("LICENSE" in name for name in files), info


def test_a_bundle_stays_small(service: str, bundled: Path) -> None:
    size = sum(file.stat().st_size for file in bundled.rglob("*") if file.is_file())

    assert (
        size < {"canary": 4_500_000, "processor": 7_500_000, "stream_consumer": 4_500_000}[service]
    )


def test_a_bundle_names_no_path_of_this_machine(bundled: Path) -> None:
    paths = [str(path).encode() for path in (ROOT, Path.home() / ".cache", sys.prefix)]

    naming_one = [
        file
        for file in bundled.rglob("*")
        if file.is_file() and any(path in file.read_bytes() for path in paths)
    ]

    assert naming_one == []


def test_every_locked_package_is_in_the_bundle(service: str, bundled: Path) -> None:
    lock = (runtime_dir(service) / "requirements.txt").read_text().splitlines()
    locked = {line.split()[0].replace("-", "_") for line in lock if "==" in line}

    installed = {info.stem.replace("-", "==") for info in bundled.glob("*.dist-info")}

    assert installed == locked


def test_the_bundle_for_aws_is_compiled_for_its_python_on_arm() -> None:
    libraries = [
        file
        for service in SERVICES
        for file in bundle(runtime_dir(service), "lambda").rglob("*.so")
    ]

    assert libraries
    for library in libraries:
        # Or for the part of Python that is the same in every version.
        assert library.name.endswith((".cpython-314-aarch64-linux-gnu.so", ".abi3.so"))
        assert int.from_bytes(library.read_bytes()[18:20], "little") == ARM64
