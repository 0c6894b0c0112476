"""The page for producers lists exactly the codes that the processor has."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
RUNTIME = REPOSITORY / "services" / "processor" / "runtime"
CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
# What looks like a code, in capitals with an underscore, and is a word of AWS or of the settings.
OTHERS = {"ALL_NEW"}


def codes_of(source: str) -> Iterator[str]:
    """Yield texts that look like codes, and the ``code`` of each error class."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and CODE.fullmatch(str(node.value)):
            yield str(node.value)
        if isinstance(node, ast.ClassDef):
            yield from re.findall(r"^ +code = '(.*)'$", ast.unparse(node), re.MULTILINE)


def test_the_codes_on_the_page_are_those_of_the_code() -> None:
    page = (REPOSITORY / "docs" / "files.md").read_text()
    _, _, reasons = page.partition("## Reason codes")
    cells = re.findall(r"^\| (`.*?) \|", reasons, re.MULTILINE)
    listed = [code for cell in cells for code in re.findall(r"`([A-Z0-9_]+)`", cell)]
    used = {code for path in RUNTIME.rglob("*.py") for code in codes_of(path.read_text())}

    assert len(listed) == len(set(listed))
    assert set(listed) == used - OTHERS
