"""What is published with the templates is what was scanned: each asset is made again, and compared.

The app runs before, between and after the gates that look at its sources and at its templates, so
it could write to its bundles when nobody looks any more. This looks when the app has ended.
"""

import re
import subprocess
import tarfile
import tempfile
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from fnmatch import fnmatchcase
from functools import cache, partial
from hashlib import sha256
from importlib import resources
from itertools import chain, takewhile
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from policies import patterns
from policies.changes.base_selection import PLACEHOLDER_ACCOUNT
from policies.command_line import Undetermined
from policies.finding import Finding, few
from policies.templates.assembly import published
from services import bundling

GATE = "published"
DIFFERS, UNREAD, MISNAMED = "bundle-differs", "bundle-compiled", "asset-misnamed"
KINDS = (DIFFERS, UNREAD, MISNAMED, UNEXPLAINED := "asset-unexplained")
# The CDK's own functions, as its package brings them.
CDK_HANDLERS = "package/custom-resource-handlers/dist/"
OURS = re.compile("services/([^/]+)/runtime(/|$)")
# Each service, and the files of its bundle that need not be texts.
COMPILED = "compiled_files"
# How a description of a time zone begins, which is all data.
ZONE = b"TZif"
REMEDY, LIST_IT, NAME_IT = patterns.beside(__file__).values()
ASKING = Lock()  # the CDK's process answers one question at a time


class File(NamedTuple):
    """What is in a file and what may be done with it; a time zone counts as read, and bytecode."""

    digest: str
    is_read: bool


def findings(folder: Path, accounts: Collection[str]) -> list[Finding]:
    """Return how the assets of the assembly in ``folder`` differ from what their sources make.

    They are for AWS if any of the ``accounts`` that get them is one of AWS, else also for here.

    Raises ``Undetermined`` if that can't be known, because packages can't be installed again.
    """
    platforms = ("lambda", "host") if {*accounts} == {PLACEHOLDER_ACCOUNT} else ("lambda",)
    below = bundling.BUNDLES.parent / "tmp"
    below.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=below) as made, ThreadPoolExecutor() as pool:
        look = partial(_compared, folder.resolve(), platforms, Path(made))
        try:
            return [*chain.from_iterable(pool.map(look, sorted({*published(folder)})))]
        except subprocess.CalledProcessError as error:
            raise Undetermined(f"a bundle can't be made again to be compared: {error}") from error


def unread(files: Mapping[str, File], place: str, service: str) -> Iterator[Finding]:
    """Yield the files that no scan reads and no list has, and what is listed and is not there."""
    names = sorted(name for name, file in files.items() if not file.is_read)
    listed = patterns.declared(COMPILED).get(service, [])
    for name in names:
        if not any(fnmatchcase(name, each) for each in listed):
            why = "no scan reads what is compiled or executable, and it does what the function may"
            yield _finding(f"{UNREAD}[{service} {name}]", place, f"{name}: {why}", LIST_IT)
    for each in listed:
        if not any(fnmatchcase(name, each) for name in names):
            why = f"{COMPILED}.toml lists {each}, of which the bundle has none"
            yield _finding(f"compiled-unused[{service} {each}]", place, why, "take it off the list")


def _compared(folder: Path, platforms: Collection[str], made: Path, asset: Path) -> list[Finding]:
    """Return what is wrong with an asset, if anything."""
    if not asset.is_relative_to(folder):
        why = "it is outside of the assembly, which alone is kept"
        return [_finding(UNEXPLAINED, str(asset), why)]
    place = str(asset.relative_to(folder))
    has = contents(asset)
    [service, *more] = sorted({found[1] for found in map(OURS.match, has) if found}) or [""]
    runtime = bundling.ROOT / "services" / service / "runtime"
    if more or not service or not runtime.is_dir():
        if [*has] == ["index.js"] and has["index.js"].digest in _cdk_handlers():
            return []
        why = f"no source of ours and no package of the CDK makes it: {few(sorted(has))}"
        return [_finding(UNEXPLAINED, place, why)]
    musts = (contents(bundling.bundle(runtime, each, made)) for each in platforms)
    told = [*takewhile(bool, (_edited(has, must) for must in musts))]
    why = f"it is not what {runtime.relative_to(bundling.ROOT)} and its lock make: "
    found = [*unread(has, place, service)]
    if len(told) < len(platforms):
        if asset.name != f"asset.{content_name(asset)}":
            why = f"{service}: under a name that its content doesn't give it, AWS keeps what it has"
            found.append(_finding(f"{MISNAMED}[{service}]", place, why, NAME_IT))
        return found
    return [_finding(f"{DIFFERS}[{service}]", place, why + few(min(told, key=len))), *found]


def content_name(asset: Path) -> str:
    """Return the name that the CDK gives to what is in a folder."""
    from aws_cdk import FileSystem  # noqa: PLC0415  # it takes seconds

    with ASKING:
        return str(FileSystem.fingerprint(str(asset)))


def _edited(has: Mapping[str, File], must: Mapping[str, File]) -> list[str]:
    """Return each file that is not as it must be, and what it is; bytecode comes last."""
    names = {name for name, _ in must.items() ^ has.items()}
    ordered = sorted(names, key=lambda name: (name.endswith(".pyc"), name))
    what = {(True, True): "another", (True, False): "missing", (False, True): "added"}
    return [f"{name} is {what[name in must, name in has]}" for name in ordered]


def _is_bytecode(path: Path) -> bool:
    """Return whether a file is what Python makes of the module above it."""
    source = path.parent.parent / f"{path.name.partition('.')[0]}.py"
    return (path.parent.name, path.suffix) == ("__pycache__", ".pyc") and source.is_file()


def contents(folder: Path) -> Mapping[str, File]:
    """Return each file of an archive of ``folder``, by its path there."""
    files = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return {str(path.relative_to(folder)): _file(path) for path in files}


def _file(path: Path) -> File:
    if path.is_symlink() or not path.is_file():
        return File("not a file", is_read=False)
    body, starts = path.read_bytes(), bool(path.stat().st_mode & 0o111)
    is_read = body.startswith(ZONE) or _is_bytecode(path)
    with suppress(UnicodeDecodeError):
        is_read |= "\0" not in body.decode() and not starts and not body.startswith(b"#!")
    return File(sha256(body).hexdigest() + "x" * starts, is_read=is_read)


@cache
def _cdk_handlers() -> frozenset[str]:
    """Return the digests of the functions that the installed CDK may add to an app."""
    packages = (resources.files("aws_cdk") / "_jsii").iterdir()
    found = set[str]()
    for package in (each for each in packages if each.name.endswith(".tgz")):
        with package.open("rb") as packed, tarfile.open(fileobj=packed, mode="r|gz") as files:
            for member in files:
                if member.name.startswith(CDK_HANDLERS) and (body := files.extractfile(member)):
                    found.add(sha256(body.read()).hexdigest())
    return frozenset(found)


def _finding(rule: str, path: str, why: str, remedy: str = REMEDY) -> Finding:
    return Finding(gate=GATE, rule=rule, path=path, message=why, remedy=remedy)
