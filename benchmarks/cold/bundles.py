"""The folders that functions start from: the product's bundle and its peer's, compiled or not."""

import compileall
import shutil
import sys
import zipfile
from importlib.metadata import distribution
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from py_compile import PycInvalidationMode

from benchmarks.errors import BenchmarkError
from benchmarks.runner import FOLDER, REPOSITORY
from services.bundling import bundle

PROCESSOR = REPOSITORY / "services" / "processor" / "runtime"
# boto3 and Powertools, with what they need.
PEERS_PACKAGES = (
    *("boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3"),
    *("aws-lambda-powertools", "typing_extensions"),
)
_PEER = Path(__file__).with_name("powertools_function.py")
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def folders() -> dict[str, Path]:
    """Return the folders by name; they are made anew, because any of their sources may differ."""
    made = FOLDER / "cold"
    shutil.rmtree(made, ignore_errors=True)
    product = made / "product"
    shutil.copytree(bundle(PROCESSOR, "host"), product)
    _without_bytecode(product, made / "product-plain")
    peer = made / "peer-plain"
    _copy_packages(peer)
    shutil.copy(_PEER, peer)
    shutil.copytree(peer, made / "peer")
    for folder in (product, made / "peer"):
        compileall.compile_dir(
            folder, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH
        )
    return {name: made / name for name in ("product", "product-plain", "peer", "peer-plain")}


def interpreter() -> str:
    """Return the Python of the benchmarks without its packages."""
    return str(getattr(sys, "_base_executable", sys.executable))


def check_interpreter() -> None:
    """Raise ``BenchmarkError`` unless the standard library is compiled, as Lambda's is."""
    library = find_spec("json")
    if not (library and library.cached and Path(library.cached).exists()):
        problem = f"the standard library of {interpreter()} is not compiled, unlike Lambda's"
        raise BenchmarkError(f"{problem}; compile it with -m compileall")


def sizes(folder: Path) -> dict[str, int]:
    """Return the bytes of a folder, and of its archive as Lambda gets it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in files:
            entry = zipfile.ZipInfo(str(path.relative_to(folder)), _FIXED_TIME)
            zipped.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    unzipped = sum(path.stat().st_size for path in files)
    return {"unzippedBytes": unzipped, "zippedBytes": len(archive.getvalue())}


def _without_bytecode(folder: Path, to: Path) -> None:
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns("__pycache__"))


def _copy_packages(to: Path) -> None:
    for name in PEERS_PACKAGES:
        found = distribution(name)
        for file in found.files or ():
            if file.suffix != ".pyc" and ".." not in file.parts:
                target = to / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(str(found.locate_file(file)), target)
