"""Packs a ``runtime/`` folder and its locked packages for Lambda, without Docker.

Packages are unpacked once per lock file and platform (downloaded unless they are cached), and the
sources are copied; what no function imports is left out. All modules are compiled if this machine
has the Python that will run them. The result depends on nothing else: machines with the same such
Python make the same bytes, and so do all that have none.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from services.bytecode import COMPILE_OPTIONS, compile_modules
from services.lambda_python import (
    FUNCTIONS_PYTHON,
    HOW_TO_GET_IT,
    LAMBDA_PYTHON,
    lambda_python,
    uv,
    version,
)
from services.left_out import LEFT_OUT, leave_out

ROOT = Path(__file__).resolve().parent.parent
BUNDLES = ROOT / "build" / "bundles"
# Every function has these beside its own sources.
SHARED = "services/aws_client"
# ``lambda`` is for AWS: Lambda's Python on arm64. ``host`` is for this machine, because the local
# cloud runs the handlers as processes. Nothing else differs between the two.
PLATFORM_OPTIONS: dict[str, tuple[str, ...]] = {
    "lambda": ("--python-version", LAMBDA_PYTHON, "--python-platform", "aarch64-manylinux2014"),
    "host": ("--python", str(FUNCTIONS_PYTHON)),
}
# Copies, not links: whoever edits a bundle does not edit the cache that the next is made from.
INSTALL_OPTIONS = (
    *("--only-binary", ":all:", "--require-hashes", "--no-deps"),
    *("--link-mode", "copy"),
)
# Metadata of the installer (paths, times); nothing imports them.
INSTALLER_FILES = ("RECORD", "INSTALLER", "REQUESTED", "uv_cache.json", "direct_url.json")


def bundle(runtime_dir: Path, platform: str, bundles: Path | None = None) -> Path:
    """Return a folder with ``runtime_dir`` under its dotted path and its locked packages beside it.

    Raises ``subprocess.CalledProcessError`` when the packages can't be installed. The folder's name
    is a digest of its content, so concurrent calls don't disturb each other. It is made in
    ``bundles``, anew if that is empty.
    """
    package = runtime_dir.resolve().relative_to(ROOT)
    sources = _sources(package)
    lock = runtime_dir / "requirements.txt"
    bundles = bundles or BUNDLES
    target = bundles / platform / f"{package.parent.name}-{_digest(lock, platform, sources)}"

    def fill(folder: Path) -> None:
        shutil.copytree(_packages(lock, platform, bundles), folder, dirs_exist_ok=True)
        for source in sources:
            (folder / source).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, folder / source)
        _compile(folder / "services", folder, platform)

    return _fill_atomically(target, fill)


def _sources(package: Path) -> list[Path]:
    """Return the package's and the shared modules, and the package's parents' ``__init__``.

    All are relative to the repository.
    """
    folders = [ROOT / package, ROOT / SHARED]
    modules = [path.relative_to(ROOT) for each in folders for path in each.rglob("*.py")]
    parents = [parent / "__init__.py" for parent in package.parents if parent != Path()]
    return sorted([*modules, *parents])


def _digest(lock: Path, platform: str, sources: list[Path]) -> str:
    compiler = version(_compiler(platform))
    digest = hashlib.sha256(lock.read_bytes())
    digest.update(repr((PLATFORM_OPTIONS[platform], compiler, COMPILE_OPTIONS, LEFT_OUT)).encode())
    for source in sources:
        digest.update(f"{source}\0".encode() + (ROOT / source).read_bytes())
    return digest.hexdigest()[:16]


def _packages(lock: Path, platform: str, bundles: Path) -> Path:

    def fill(folder: Path) -> None:
        _install(lock, folder, PLATFORM_OPTIONS[platform])
        _remove_machine_specifics(folder)
        leave_out(folder)
        _compile(folder, folder, platform)

    return _fill_atomically(bundles / "packages" / _digest(lock, platform, []), fill)


def _fill_atomically(target: Path, fill: Callable[[Path], None]) -> Path:
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as unfinished:
            made = Path(unfinished) / target.name
            made.mkdir()
            fill(made)
            try:
                made.rename(target)
            except OSError:
                if not target.exists():
                    raise
                # Another process was faster and has made the same content.
    return target


def _compiler(platform: str) -> Path | None:
    """Return the Python that will run the bundle, if this machine has it."""
    return FUNCTIONS_PYTHON if platform == "host" else lambda_python()


def _compile(folder: Path, root: Path, platform: str) -> None:
    python = _compiler(platform)
    if python is not None:
        compile_modules(folder, root, python)


def _install(lock: Path, target: Path, options: tuple[str, ...]) -> None:
    subprocess.run(  # noqa: S603  # fixed arguments
        [
            uv(),
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


def _remove_machine_specifics(packages: Path) -> None:
    shutil.rmtree(packages / "bin", ignore_errors=True)  # scripts name the interpreter's path
    (packages / ".lock").unlink(missing_ok=True)
    for bytecode in [*packages.rglob("__pycache__")]:  # of who knows what; ours is of the sources
        shutil.rmtree(bytecode)
    for info in packages.glob("*.dist-info"):
        for name in INSTALLER_FILES:
            (info / name).unlink(missing_ok=True)


def prepare() -> None:
    """Unpack every runtime's packages for both platforms, so that synthesis needs no network.

    Say so if there is no Python like Lambda's, to run them here and to compile what is deployed.
    """
    if lambda_python() is None:
        here = version(FUNCTIONS_PYTHON).rpartition(" ")[2]
        sys.stderr.write(
            f"note: no Python {LAMBDA_PYTHON}, which is Lambda's, was found: here functions run on "
            f"{here}, and deployed from here they start more slowly; {HOW_TO_GET_IT}\n"
        )
    for runtime_dir in sorted(ROOT.glob("services/*/runtime")):
        for platform in PLATFORM_OPTIONS:
            _packages(runtime_dir / "requirements.txt", platform, BUNDLES)


if __name__ == "__main__":
    try:
        prepare()
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)  # it has said why
    (BUNDLES / ".ready").touch()
