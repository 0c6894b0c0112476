"""What is published is made from the sources that were scanned, file by file."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from policies import published
from policies.changes.base_selection import PLACEHOLDER_ACCOUNT
from services import bundling
from services.bundling import ROOT, bundle
from tests.policy.command_line import run

AWS = "123456789012"
CONSUMER = ROOT / "services" / "stream_consumer" / "runtime"
MAIN = "services/stream_consumer/runtime/main.py"
PACKAGE = "jmespath/parser.py"
ADDED = ("services/stream_consumer/runtime/more.py", "sitecustomize.py", "jmespath.py", "a.so")


@pytest.fixture
def asset(tmp_path: Path) -> Path:
    """The folder of the one asset that an assembly publishes, in ``tmp_path``."""
    return publish(bundle(CONSUMER, "lambda"), tmp_path)


def publish(made: Path, tmp_path: Path) -> Path:
    name = f"asset.{published.content_name(made)}"
    packed = {"source": {"path": name, "packaging": "zip"}}
    listed = {"type": "cdk:asset-manifest", "properties": {"file": "a.assets.json"}}
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": {"a": listed}}))
    (tmp_path / "a.assets.json").write_text(json.dumps({"files": {"a": packed}}))
    return shutil.copytree(made, tmp_path / name)


def test_what_the_sources_and_the_lock_make_is_no_finding(tmp_path: Path, asset: Path) -> None:
    assert asset.is_dir()
    assert published.findings(tmp_path, {AWS}) == []


def test_what_keeps_its_name_whatever_is_in_it_is_told(tmp_path: Path, asset: Path) -> None:
    asset.rename(tmp_path / "asset.a")
    listed = tmp_path / "a.assets.json"
    listed.write_text(listed.read_text().replace(asset.name, "asset.a"))

    [finding] = published.findings(tmp_path, {AWS})

    assert finding.rule == "asset-misnamed[stream_consumer]"
    assert "AWS keeps what it has" in finding.message
    assert "asset_hash" in finding.remedy


def change(name: str) -> Callable[[Path], object]:
    return lambda asset: (asset / name).write_bytes((asset / name).read_bytes() + b"\n")


def add(name: str) -> Callable[[Path], object]:
    return lambda asset: (asset / name).write_bytes(b"")


def link(asset: Path) -> None:
    (asset / MAIN).rename(asset.parent / "main.py")
    (asset / MAIN).symlink_to(asset.parent / "main.py")


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        *((change(name), f"{name} is another") for name in (MAIN, PACKAGE)),
        *((add(name), f"{name} is added") for name in ADDED),
        (lambda asset: (asset / MAIN).unlink(), f"{MAIN} is missing"),
        (lambda asset: (asset / MAIN).chmod(0o755), f"{MAIN} is another"),
        (link, f"{MAIN} is another"),
        (
            lambda asset: shutil.copytree(asset / "jmespath", asset / "jmespath" / "__pycache__"),
            "jmespath/__pycache__",
        ),
    ],
)
def test_each_file_that_differs_is_named(
    tmp_path: Path, asset: Path, edit: Callable[[Path], object], said: str
) -> None:
    edit(asset)

    [finding, *_] = published.findings(tmp_path, {AWS})

    assert finding.rule == "bundle-differs[stream_consumer]"
    assert finding.path == asset.name
    assert said in finding.message
    assert "make synth" in finding.remedy


@pytest.mark.parametrize(
    ("account", "told"), [(PLACEHOLDER_ACCOUNT, []), (AWS, ["bundle-differs"])]
)
def test_a_bundle_for_this_machine_is_none_for_an_account_of_aws(
    tmp_path: Path, asset: Path, account: str, told: list[str]
) -> None:
    shutil.rmtree(asset)
    publish(bundle(CONSUMER, "host"), tmp_path)

    assert [each.kind for each in published.findings(tmp_path, {account})] == told


def test_a_bundle_that_is_edited_before_it_is_an_asset_differs_as_well(
    tmp_path: Path, asset: Path
) -> None:
    other = bundle(CONSUMER, "lambda", tmp_path / "bundles")
    change(MAIN)(other)
    shutil.rmtree(asset)
    shutil.copytree(bundle(CONSUMER, "lambda", tmp_path / "bundles"), asset)

    assert [each.kind for each in published.findings(tmp_path, {AWS})] == ["bundle-differs"]


@pytest.mark.parametrize("service", ["canary", "processor", "stream_consumer"])
def test_what_is_compiled_in_a_bundle_is_listed_and_there(service: str) -> None:
    made = bundle(ROOT / "services" / service / "runtime", "lambda")

    assert [*published.unread(published.contents(made), "asset.a", service)] == []


@pytest.mark.parametrize(
    ("name", "body", "mode"),
    [
        ("msgspec/_more.cpython-314-aarch64-linux-gnu.so", b"\x7fELF\0", 0o644),
        ("msgspec.libs/libz.so.1", b"\x7fELF\0", 0o644),
        ("jmespath/table.bin", b"\xff\xfe", 0o644),
        ("jmespath/parser.pyc", b"\0", 0o644),
        ("jmespath/__pycache__/more.cpython-314.pyc", b"\0", 0o644),
        ("jmespath/run", b"#!/bin/sh\n", 0o644),
        ("jmespath/run.py", b"run()\n", 0o755),
        ("tzdata/zoneinfo/_zone.so", b"\x7fELF\0", 0o644),
    ],
)
def test_a_compiled_file_that_a_package_brings_is_named(
    tmp_path: Path, name: str, body: bytes, mode: int
) -> None:
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_bytes(body)
    (tmp_path / name).chmod(mode)

    found = [*published.unread(published.contents(tmp_path), "asset.a", "stream_consumer")]

    [finding] = [each for each in found if each.kind == "bundle-compiled"]
    assert finding.rule == f"bundle-compiled[stream_consumer {name}]"
    assert finding.message.startswith(f"{name}: no scan reads")
    assert "policies/declared/compiled_files.toml" in finding.remedy
    assert {each.kind for each in found} == {"bundle-compiled", "compiled-unused"}


def test_a_package_brings_no_bytecode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def install(_lock: Path, target: Path, _options: object) -> None:
        (target / "__pycache__").mkdir()
        (target / "__pycache__" / "more.theirs.pyc").write_bytes(b"\0")

    monkeypatch.setattr(bundling, "_install", install)

    assert not [*bundling.bundle(CONSUMER, "lambda", tmp_path).rglob("*.theirs.pyc")]


def test_bytecode_with_its_source_and_a_time_zone_are_no_findings(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "more.cpython-314.pyc").write_bytes(b"\0")
    (tmp_path / "more.py").write_text("")
    (tmp_path / "Berlin").write_bytes(b"TZif2\0")

    assert [*published.unread(published.contents(tmp_path), "asset.a", "none")] == []


@pytest.mark.parametrize("files", [["index.js"], ["main.py"], ["services/ops/runtime/main.py"], []])
def test_what_neither_a_source_nor_the_cdk_makes_is_unexplained(
    tmp_path: Path, asset: Path, files: list[str]
) -> None:
    shutil.rmtree(asset)
    asset.mkdir()
    for name in files:
        (asset / name).parent.mkdir(parents=True, exist_ok=True)
        (asset / name).write_text("1")

    assert [each.kind for each in published.findings(tmp_path, {AWS})] == ["asset-unexplained"]


@pytest.mark.parametrize(
    "source",
    [{"path": str(CONSUMER)}, {"executable": ["make"]}, {"directory": "a"}, {"path": "a.json"}],
)
def test_an_asset_from_elsewhere_is_unexplained(
    tmp_path: Path, asset: Path, source: dict[str, object]
) -> None:
    assert asset.is_dir()
    kind = "dockerImages" if "directory" in source else "files"
    (tmp_path / "a.assets.json").write_text(json.dumps({kind: {"a": {"source": source}}}))

    assert [each.kind for each in published.findings(tmp_path, {AWS})] == ["asset-unexplained"]


def test_no_row_accepts_a_bundle_that_differs(
    green: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = shutil.copytree(green, tmp_path / "copy")

    status = run("check", "--assembly", str(copy))

    assert status == 1  # the tests' assemblies have no code
    assert "asset-unexplained" in capsys.readouterr().out
