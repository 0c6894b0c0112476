"""No text can make a pattern in the functions' code try for long, as none can a contract's.

It is judged as those of contracts are. What is only matched at one place isn't tried from each
character on, so that its beginning counts as fixed.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from datasets.compatibility import patterns
from services.processor.runtime.parsing.csv_scanner import Patterns

ROOT = Path(__file__).resolve().parents[3]
SOURCES = [
    str(file.relative_to(ROOT))
    for of in ("aws_client/**/*.py", "*/runtime/**/*.py")
    for file in sorted(ROOT.glob(f"services/{of}"))
]
PARSING = "services/processor/runtime/parsing"
AT_ONE_PLACE = {"match", "fullmatch"}
SEARCHING = {"search", "sub", "subn", "split", "findall", "finditer"}
# Of all characters, enough of each class: over all of Unicode one pattern takes seconds.
CHARACTERS = "".join(map(chr, range(0x3000)))
OF_RECORDS = Patterns.of(b";")
# What names stand for that exist only while their function runs.
LOCALS: Mapping[str, Mapping[str, Any]] = {
    f"{PARSING}/csv_fields.py": {"end": ";"},
    f"{PARSING}/csv_scanner.py": {
        "end": b";",
        "field": OF_RECORDS.whole_fields.pattern.removeprefix(b"(?:").removesuffix(b";)*"),
        "rest": OF_RECORDS.unquoted_rest.pattern,
    },
}
# A contract's own, which has been judged when its declaration was compiled.
DECLARED = ("services/processor/runtime/declaration/compile.py", "declared.pattern")
# What the judge can't see through, by its checksum: edited, it has to be looked at again.
SEEN_THROUGH = {
    0xE76B870F: "service_error: of an answer of AWS, at most 1 MiB",
    0xFF79D3D2: "signature: a run of slashes is taken whole, and nothing follows it",
    0xEDC88883: "canonical: it repeats digits, and begins at none of them",
    0x4670B4FE: "corrections: blanks, and it begins at none of them; a reference has a length",
    0x6EE7D23A: "json_reader: blanks, and it begins at none of them",
    0x541E967E: "moments: digits, and it begins at none of them",
    0x23D4C94C: "nesting: a text that has no end is taken too, so nothing fails behind a quote",
    0xD54C6A4F: "refusals: of a message of msgspec; it begins with a word",
    0x23F9C0D3: "csv_fields: any quote behind the first ends it, so only a lone one fails",
    0x75CB3FBC: "csv_fields: matched at a field; a quote is one of two, or ends it",
    0x3176297C: "csv_scanner: matched at a record; a quote is one of two, or ends it",
    0x2948ED16: "csv_scanner: matched at a record; a quote is one of two, or ends it",
    0xF1907F0C: "csv_scanner: matched at a field; it is one possessive repeat",
    0xFAE42591: "json_envelope: what is tried from each quote ends at the next",
    0x12C43711: "json_tokens: blanks of one line, and it begins at none of them",
    0xEF5DDCC0: "json_tokens.pretty: matched at a value; what repeats is possessive",
    0xA72C270: "json_tokens.element: matched at a value; what repeats is possessive",
    0xEC8AB4EA: "json_tokens.elements: a thousand times at most, each of which begins with a comma",
    0x6851F969: "json_tokens.members: a thousand times at most, each of which begins with a comma",
}


def calls(file: str) -> Iterator[tuple[int, str, ast.Call]]:
    """Yield each use of ``re`` with a pattern: its line, by what name it is kept, and itself."""
    tree = ast.parse((ROOT / file).read_text())
    imported = [each for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)]
    assert "re" not in {each.module for each in imported}, (
        f"{file}: write `import re`, `re.compile`"
    )
    for node in ast.walk(tree):
        for each in ast.iter_child_nodes(node):
            match each:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=attr)):
                    if attr != "escape":
                        yield each.lineno, _kept(node, attr), each


def _kept(by: ast.AST, attr: str) -> str:
    match by:
        case ast.Assign(targets=[ast.Name(id=name)]) if attr == "compile":
            return name
        case ast.Attribute(attr=used) if attr == "compile":
            return f".{used}"
    return f".{attr}"


@cache
def used() -> Mapping[str, set[str]]:
    """Return the attributes that are used of each name, wherever it is."""
    found: dict[str, set[str]] = {}
    for file in SOURCES:
        for node in ast.walk(ast.parse((ROOT / file).read_text())):
            match node:
                case ast.Attribute(value=ast.Name(id=name), attr=attr):
                    found.setdefault(name, set()).add(attr)
    return found


def is_searched(kept: str) -> bool:
    """Return whether a pattern may be tried from each character on, by what it is kept for."""
    if kept.startswith("."):
        return kept[1:] not in AT_ONE_PLACE
    return bool(used()[kept] & SEARCHING) if kept in used() else False


def compiled(file: str, call: ast.Call) -> re.Pattern[Any]:
    module = import_module(file.removesuffix(".py").replace("/", "."))
    names = {**vars(module), **LOCALS.get(file, {})}
    of_compile = call.args[1:] if ast.unparse(call.func) == "re.compile" else []
    # This is our own source, which its import has run already.
    given = [eval(ast.unparse(each), names) for each in (call.args[0], *of_compile)]
    return re.compile(*given)


def problem(pattern: re.Pattern[Any], *, searched: bool) -> str:
    text = pattern.pattern
    whole = f"(?a:{text.decode('latin-1')})" if isinstance(text, bytes) else text
    flags = "".join(each for each in "ims" if pattern.flags & re.RegexFlag[each.upper()])
    whole = f"(?{flags}:{whole})" if flags else whole
    return patterns.problem(whole if searched else rf"\A(?:{whole})")


@pytest.mark.parametrize("file", SOURCES)
def test_no_text_can_make_a_pattern_try_for_long(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patterns, "_every_character", lambda: CHARACTERS)
    for line, kept, call in calls(file):
        if (file, ast.unparse(call.args[0])) == DECLARED:
            continue
        pattern = compiled(file, call)
        why = problem(pattern, searched=is_searched(kept))
        text = pattern.pattern
        key = crc32(text if isinstance(text, bytes) else text.encode())
        assert not why or key in SEEN_THROUGH, (
            f"{file}:{line}: the pattern {text!r}, {why}. The text of one file can hold the"
            " function until its time is over, at each try again. Let the next character decide"
            " each choice, as `*+` does, or match at one place only. If you know that it is linear"
            f" as it is, add {key:#x} to SEEN_THROUGH in {Path(__file__).name}, and say why."
        )
