"""Only locked packages are installed: by hash, from whichever registry the machine uses."""

import json
import re
from itertools import chain
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

CDK_CLI = "2.1148.1"
INPUTS = sorted([*ROOT.glob("requirements/*.in"), *ROOT.glob("services/*/runtime/requirements.in")])
NPM_LOCKS = [ROOT / folder / "package-lock.json" for folder in (".", "benchmarks", "tests/browser")]
ONE_VERSION = re.compile(r"\d+\.\d+\.\d+(-[\w.]+)?")
LOCKS = [source.with_suffix(".txt") for source in INPUTS]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def pins(source: Path) -> set[str]:
    """``name==version`` of each line and of files that it names, without extras and comments."""
    lines = [line.split("#")[0].split(";")[0].strip() for line in source.read_text().splitlines()]
    own = {re.sub(r"\[.*\]", "", line).rstrip(" \\") for line in lines if "==" in line}
    more = [source.parent / line.removeprefix("-r ") for line in lines if line.startswith("-r ")]
    return own.union(*map(pins, more))


def locked(lock: Path) -> dict[str, frozenset[str]]:
    """The hashes of each ``name==version``."""
    entries = re.split(r"^(?=\w)", lock.read_text(), flags=re.MULTILINE)
    return {
        re.sub(r"\[.*\]", "", entry.split()[0]): frozenset(re.findall(r"sha256:\w+", entry))
        for entry in entries
        if "==" in entry
    }


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_a_lock_has_comments_packages_and_their_hashes_and_no_other_line(lock: Path) -> None:
    entry = r"[\w.-]+(\[[\w,.-]+\])?==[\w.!+-]+( ;[^\\#]*)? \\"
    known = re.compile(rf"#[^\n]*|{entry}|    --hash=sha256:[0-9a-f]{{64}}( \\)?")

    assert [line for line in lock.read_text().splitlines() if not known.fullmatch(line)] == []


def packages(path: str) -> dict[str, str]:
    versions: dict[str, str] = json.loads((ROOT / path).read_text())["devDependencies"]
    return versions


def test_every_input_is_found() -> None:
    assert len(INPUTS) == 12


@pytest.mark.parametrize("source", INPUTS, ids=named)
def test_a_requirement_is_pinned(source: Path) -> None:
    lines = [line.split("#")[0].strip() for line in source.read_text().splitlines()]
    requirements = [line for line in lines if line and not line.startswith("-r ")]

    assert [line for line in requirements if not re.fullmatch(r"[\w.\[\],-]+==[\w.]+", line)] == []


@pytest.mark.parametrize("source", INPUTS, ids=named)
def test_a_lock_holds_every_pin_of_its_input(source: Path) -> None:
    missing = pins(source) - pins(source.with_suffix(".txt"))

    assert missing == set(), f"run make lock: {source.stem}.txt doesn't have them"


def test_development_uses_the_same_versions_as_the_functions() -> None:
    development = pins(ROOT / "requirements" / "dev.txt")

    for runtime in ROOT.glob("services/*/runtime/requirements.txt"):
        assert pins(runtime) <= development, runtime


def test_operators_and_builds_install_what_was_installed_for_the_tests() -> None:
    # A version that nobody has installed, or that has other bytes, would first be missed on AWS.
    tried = locked(ROOT / "requirements" / "dev.txt").items()

    assert locked(ROOT / "requirements" / "ops.txt").items() - tried == set()


@pytest.mark.parametrize("lock", LOCKS, ids=named)
def test_a_version_has_the_same_files_in_each_lock(lock: Path) -> None:
    others = {name: hashes for each in LOCKS for name, hashes in locked(each).items()}

    assert {name for name, hashes in locked(lock).items() if others[name] != hashes} == set()


@pytest.mark.parametrize("lock", LOCKS, ids=named)
def test_every_locked_package_has_a_hash(lock: Path) -> None:
    entries = re.split(r"^(?=\w)", lock.read_text(), flags=re.MULTILINE)

    assert [entry for entry in entries if "==" in entry and "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("path", [*INPUTS, *LOCKS], ids=named)
def test_a_lock_names_no_registry(path: Path) -> None:
    assert "://" not in path.read_text()
    assert "index-url" not in path.read_text()


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=named)
def test_an_npm_lock_names_no_registry(lock: Path) -> None:
    text = lock.read_text()

    assert '"resolved"' not in text
    assert "registry" not in text


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=named)
def test_every_npm_package_has_a_hash(lock: Path) -> None:
    locked = json.loads(lock.read_text())["packages"]

    assert [path for path, entry in locked.items() if path and "integrity" not in entry] == []


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=named)
def test_an_npm_lock_is_of_what_is_asked_for(lock: Path) -> None:
    root = json.loads(lock.read_text())["packages"][""]
    asked = json.loads(lock.with_name("package.json").read_text())

    for kind in ("dependencies", "devDependencies", "optionalDependencies"):
        assert root.get(kind) == asked.get(kind), "npm install --package-lock-only locks it"


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=named)
def test_an_npm_package_is_asked_for_in_one_version(lock: Path) -> None:
    asked = json.loads(lock.with_name("package.json").read_text())
    kinds = (of for name, of in asked.items() if name.lower().endswith("dependencies"))

    for name, version in chain.from_iterable(of.items() for of in kinds):
        assert ONE_VERSION.fullmatch(version), f"{name}: any other range lets others be chosen"


def test_the_cdk_command_line_is_pinned_to_the_version_that_works() -> None:
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    assert packages("package.json")["aws-cdk"] == CDK_CLI
    assert locked[""]["devDependencies"] == packages("package.json")
    assert locked["node_modules/aws-cdk"]["version"] == CDK_CLI
