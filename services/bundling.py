"""Packs a ``runtime/`` folder and its locked packages for Lambda, without Docker.

The packages are unpacked once per lock file and platform (a download when they are in no cache);
the sources are copied at every call. The result depends on nothing else, so its bytes are the same
on every machine.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUNDLES = ROOT / "build" / "bundles"

LAMBDA_PYTHON = "3.14"
# ``lambda`` is what AWS gets: the Lambda's Python on arm64. ``host`` is this machine's: the local
# cloud runs the handlers as processes. Nothing else differs between the two.
PLATFORM_OPTIONS: dict[str, tuple[str, ...]] = {
    "lambda": ("--python-version", LAMBDA_PYTHON, "--python-platform", "aarch64-manylinux2014"),
    "host": ("--python", sys.executable),
}
INSTALL_OPTIONS = ("--only-binary", ":all:", "--require-hashes", "--no-deps")
# Written by the installer about itself (paths, times); nothing imports them.
INSTALLER_FILES = ("RECORD", "INSTALLER", "REQUESTED", "uv_cache.json", "direct_url.json")


def bundle(runtime_dir: Path, platform: str) -> Path:
    """Folder that holds ``runtime_dir`` under its dotted path, with its locked packages beside it.

    Raises ``subprocess.CalledProcessError`` when the packages can't be had; a second call changes
    nothing.
    """
    package = runtime_dir.resolve().relative_to(ROOT)
    target = BUNDLES / platform / package.parent.name
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(_packages(runtime_dir / "requirements.txt", platform), target)
    _copy_sources(package, target)
    return target


def _packages(lock: Path, platform: str) -> Path:
    """Folder with the packages of ``lock``, made whole or not at all."""
    digest = hashlib.sha256(lock.read_bytes() + repr(PLATFORM_OPTIONS[platform]).encode())
    packages = BUNDLES / "packages" / digest.hexdigest()[:16]
    if not packages.exists():
        unfinished = packages.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        _install(lock, unfinished, PLATFORM_OPTIONS[platform])
        _remove_what_varies(unfinished)
        unfinished.rename(packages)
    return packages


def _install(lock: Path, target: Path, options: tuple[str, ...]) -> None:
    uv = Path(sys.executable).parent / "uv"
    subprocess.run(  # noqa: S603  # fixed arguments
        [
            uv,
            "pip",
            "install",
            "--quiet",
            "--target",
            target,
            *INSTALL_OPTIONS,
            *options,
            "-r",
            lock,
        ],
        check=True,
    )


def _remove_what_varies(packages: Path) -> None:
    shutil.rmtree(packages / "bin", ignore_errors=True)  # scripts name the interpreter's path
    (packages / ".lock").unlink(missing_ok=True)
    for info in packages.glob("*.dist-info"):
        for name in INSTALLER_FILES:
            (info / name).unlink(missing_ok=True)


def _copy_sources(package: Path, target: Path) -> None:
    """Copy the sources to the dotted path they are imported by everywhere."""
    shutil.copytree(
        ROOT / package,
        target / package,
        ignore=shutil.ignore_patterns("__pycache__", "requirements.*"),
    )
    for parent in package.parents:
        if parent != Path():
            shutil.copy(ROOT / parent / "__init__.py", target / parent / "__init__.py")


def prepare() -> None:
    """Unpack the packages of every runtime for both platforms: synthesis needs no network then."""
    for runtime_dir in sorted(ROOT.glob("services/*/runtime")):
        for platform in PLATFORM_OPTIONS:
            _packages(runtime_dir / "requirements.txt", platform)


if __name__ == "__main__":
    prepare()
    (BUNDLES / ".ready").touch()
