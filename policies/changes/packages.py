"""Which packages the lock files name, in which version with which hashes, and from where.

Each is told by its name and then by the file, so that a new one is one value in however many files
it is locked.
"""

import json
import re
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from policies import patterns
from policies.changes.sources import digest

_SAID = patterns.beside(__file__)
PYTHON, NODE, TOLD = (tuple(_SAID[of]) for of in ("python", "node", "told"))
ENTRY = re.compile(
    r"(?P<name>[\w.-]+)(?P<extras>\[[\w,.-]+\])?==(?P<version>[\w.!+-]+)"
    r"(?P<only>( ;[^\\]*)?)(?P<hashes>([\s\\]+--hash=sha256:[0-9a-f]{64})*)\s*"
)
# Installers end a comment with its line, whatever that ends with, and read what is set in as well.
COMMENT, ENDS = re.compile(r"^\s*#.*\n?", re.MULTILINE), re.compile(r"(?<!\\)\n")
ENTRY_BEGINS = re.compile(r'\s*([\w.-]+)(?:\[.+\])?==|\s+"(.+)": {')
SETTINGS = "(settings)"


def read(root: Path, lines: MutableMapping[tuple[str, ...], str]) -> Mapping[str, Any]:
    """Return what the lock files in ``root`` say of each package, and settings of the installer.

    File and line of each package go to ``lines``, by its name and the file.
    """
    found: dict[str, dict[str, Any]] = {SETTINGS: {}}
    for file in (file for each in (*PYTHON, *NODE) for file in sorted(root.glob(each))):
        text, path = file.read_text(), str(file.relative_to(root))
        for number, line in enumerate(text.splitlines(), 1):
            if begun := ENTRY_BEGINS.match(line):
                key = ("packages", begun[1] or begun[2])
                lines.setdefault(key, f"{path}:{number}")
                lines.setdefault((*key, path), f"{path}:{number}")
        packages = _node(text) if path.endswith(".json") else _python(text)
        for name, entry in packages:
            one = found.setdefault(name, {}).setdefault(path, {})
            # In some files a package has two versions, for two kinds of machines.
            one.update({f"{key} again" if key in one else key: entry[key] for key in entry})
    return found


def _python(text: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield every package by its name, with what is said of it."""
    for part in filter(None, map(str.strip, ENDS.split(COMMENT.sub("", text)))):
        if entry := ENTRY.fullmatch(part):
            more = {key: entry[key].strip() for key in ("only", "extras") if entry[key]}
            hashes = re.findall("[0-9a-f]{64}", entry["hashes"])
            yield entry["name"], {"locked": _locked(entry["version"], hashes), **more}
        else:
            yield SETTINGS, {part: ""}


def _node(text: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield every package by the folder that it goes to; the lock's own root is none."""
    for name, entry in json.loads(text or "{}").get("packages", {}).items():
        if name:
            told = {key: str(entry[key]) for key in TOLD if key in entry}
            version = str(entry.get("version", ""))
            # Of several hashes, npm takes a file that has one of them.
            yield name, {"locked": _locked(version, str(entry.get("integrity")).split()), **told}


def _locked(version: str, hashes: list[str]) -> str:
    """Return version and hashes in one value: what is dangerous is one without the other."""
    known = sorted(hashes)
    # People know each by its first letters.
    begin = (each.removeprefix("sha512-")[:8] for each in known)
    return " ".join([version, digest(" ".join(known).encode()), *begin])
