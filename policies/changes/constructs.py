"""Whether templates show what an edit of a construct does, so that nobody need read it.

They show other values in their places, and more constructs. They don't show what waits for a
setting that nobody tried, so whatever else an edit has is told.
"""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from itertools import zip_longest
from math import prod
from typing import Any

from policies import patterns
from policies.changes.differences import differences
from policies.changes.guards import NAME
from policies.changes.sources import CODE
from policies.changes.update import Update
from policies.finding import Finding

KIND = "construct-rewritten"
_SAID = patterns.beside(__file__)
MADE, KEPT, NEW = (tuple(getattr(ast, e) for e in _SAID[of]) for of in ("made", "kept", "new"))
# Of a minute, an hour and a day.
UNITS_S = (60, 3600, 86400)
# A number that a template has as one.
PRODUCT = re.compile(r"\b\d+(?: \* \d+)+\b")
MAKING, KNOWN = (re.compile("|".join(_SAID[of])) for of in ("making", "known"))


def unseen(
    found: Sequence[Finding], beside: Iterable[Update], pairs: Iterable[Update]
) -> Iterator[Finding]:
    """Yield findings without those of constructs whose edits the templates of ``pairs`` show."""
    pairs = pairs if any(each.kind == KIND for each in found) else ()
    sides = next(((e.before, e.after) for e in beside if e.after.name == NAME), ())
    code = [each.template.get(CODE, {}) for each in sides]
    # The code of functions is told by itself. A construct's id is in the paths of what it makes.
    differ = (each for pair in pairs for each in differences(pair) if "S3Key" not in each.where)
    text = " ".join(
        f"{each.owner and each.owner.path} {each.where} {json.dumps(each.after)}" for each in differ
    )
    for each in found:
        name = each.rule.partition(f"[{CODE}.")[2].partition(" ")[0]
        if each.kind != KIND or not is_shown([side.get(name, "") for side in code], text):
            yield each


def is_shown(sides: Iterable[str], text: str) -> bool:
    """Return whether all that an edit does is to have values and constructs that ``text`` has."""
    old, new = (
        ast.parse(PRODUCT.sub(lambda of: str(prod(map(int, of[0].split(" * ")))), each))
        for each in sides
    )
    if not old.body:
        for each in ast.walk(new):
            for hint in {"annotation", "returns"}.intersection(each._fields):
                setattr(each, hint, None)
        made = _is_made(new, f"{text} null", (*MADE, *KEPT, *NEW))  # what is left out by default
        return made and bool(text or not new.body)
    given = _given(old)
    known = {*given, *(ast.unparse(e) for e in ast.walk(old) if isinstance(e, ast.expr))}
    return bool(text) and known.isdisjoint(_given(new) - given) and _is_kept(old, new, text)


def _given(tree: ast.Module) -> Counter[str]:
    """Return the names that a source gives to something, and how often."""
    nodes = (e for e in ast.walk(tree) if isinstance(getattr(e, "ctx", e), ast.Store | ast.alias))
    return Counter(filter(None, (ast.unparse(each).rpartition(" ")[2] for each in nodes)))


def _is_kept(old: Any, new: Any, text: str) -> bool:
    """Return whether a part of a source says what it said, but for what ``text`` has."""
    if isinstance(old, ast.Constant) and isinstance(new, ast.Constant) and _is_made(new, text):
        return True
    if not isinstance(new, MADE + KEPT) or not isinstance(old, type(new)) or not _says(old):
        return _text(old) == _text(new)
    if isinstance(old, ast.Dict) and isinstance(new, ast.Dict):
        sides = (zip(each.keys, each.values, strict=True) for each in (old, new))
        old, new = (ast.List([ast.Tuple([k or ast.Starred(v), v]) for k, v in e]) for e in sides)
    for name in old._fields:
        parts = (getattr(each, name, None) for each in (old, new))
        one, other = (each if isinstance(each, list) else [each] for each in parts)
        matched = SequenceMatcher(None, [*map(_text, one)], [*map(_text, other)], autojunk=False)
        for tag, *at in matched.get_opcodes():
            for was, now in zip_longest(one[at[0] : at[1]], other[at[2] : at[3]]):
                is_more = was is None and name in _SAID["longer"] and _is_made(now, text)
                if tag != "equal" and not is_more and not _is_kept(was, now, text):
                    return False
    return True


def _is_made(new: ast.AST, text: str, of: tuple[type[ast.AST], ...] = MADE) -> bool:
    """Return whether what is new only makes what ``text`` has, by these parts of Python."""
    nodes = [*ast.walk(new)]
    values = (json.dumps(e.value, default=repr) for e in nodes if isinstance(e, ast.Constant))
    known = _words(text)
    return all(isinstance(each, of) and _says(each) for each in nodes) and all(
        each in known if each.isalnum() else len(each) > 1 and each in text
        for each in (value.strip('"') for value in values)
    )


@cache  # many parts of an edit ask for the same text's
def _words(text: str) -> frozenset[str]:
    """Return the words of a text; its times, which are seconds, also in longer units."""
    words = {*re.findall(r"\w+", text)}
    numbers = [int(each) for each in words if each.isdecimal()]
    longer = {str(each // unit) for each in numbers for unit in UNITS_S if not each % unit}
    return frozenset(words | longer)


def _says(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=called):
            return bool(MAKING.fullmatch(ast.unparse(called)))
        case ast.ImportFrom(module=module):
            return bool(KNOWN.fullmatch(str(module)))
    return not isinstance(node, ast.keyword) or node.arg is not None


def _text(part: object) -> str:
    return ast.unparse(part) if isinstance(part, ast.AST) else repr(part)
