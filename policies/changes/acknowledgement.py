"""The rows that accept what is open, for a person to give the reason."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from policies.changes.contract_findings import FINAL
from policies.command_line import Undetermined
from policies.finding import Finding
from policies.gate import quoted
from policies.register import CHANGES, DEPLOYED, FOLDER, ROWS
from policies.templates.template import Place

HEAD = f"""\
# Why is this right, for all rows of this file? Changes with another reason go to another file.
reason = ""
owner = ""
until = "{DEPLOYED}"
"""


def new_file(name: str) -> Path:
    """Return the file of the register that rows called ``name`` are written to.

    Raise ``Undetermined`` if the name is none of a file of the register, or there is such a file.
    """
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise Undetermined(f"{name!r} can't name a file of rows: use small letters, digits and _")
    file = FOLDER / f"{name}.toml"
    if file.exists():
        raise Undetermined(f"{ROWS}/{name}.toml exists: delete it first, or use another name")
    return file


def write(name: str, findings: Iterable[Finding], places: Sequence[Place]) -> tuple[Path, int]:
    """Write ``name.toml`` to the register; return the file and the number of its findings.

    Without a reason and an owner the file is red itself. Nothing is written if it would be empty.
    Raise ``Undetermined`` as ``new_file`` does.
    """
    rules_at: dict[str, set[str]] = defaultdict(set)
    for each in findings:
        if each.gate == CHANGES and each.kind not in FINAL:
            # Rows have the path without the stage that it begins with.
            below = (place.below_stage(each.path) for place in places)
            rules_at[min(below, key=len, default=each.path)].add(each.rule)
    paths_of: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for path, rules in sorted(rules_at.items()):
        paths_of[tuple(sorted(rules))].append(path)
    file = new_file(name)
    if rules_at:
        rows = (
            f"\n[[accepted]]\n{_list('findings', same)}{_list('paths', paths)}"
            for same, paths in paths_of.items()
        )
        file.write_text(HEAD + "".join(rows))
    return file, sum(map(len, rules_at.values()))


def _list(name: str, texts: Iterable[str]) -> str:
    return f"{name} = [\n{''.join(f'  {quoted(text)},{chr(10)}' for text in texts)}]\n"
