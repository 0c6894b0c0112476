"""What differs from the base, and what it is called: by its hazard, or else *unclassified*.

Both are red until a row accepts them; what is harmless is not told.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from policies.changes import tables, texts
from policies.changes.differences import Difference, Files, differences
from policies.changes.pages import NAME as PAGES
from policies.changes.sources import CODE, differing, first_lines, first_new, is_like
from policies.changes.tables import SAID, Row
from policies.changes.update import Update
from policies.finding import Finding, at, at_stack, few, rule_id
from policies.templates.template import as_text

UNCLASSIFIED = Row(name="unclassified", why="no table knows it", remedy="unless meant, put it back")
SHOWN = 300
LINES = 400  # of a file of 200, which none of ours is longer than, as it was and as it is
# What has whole files, by their names.
FILES = ("files", CODE, PAGES)
# Kinds that tell the type of a resource that goes, and one that tells properties behind it.
GONE, REPLACED = ("replacement-collides", "stateful-removed"), "stateful-replaced"
# What lets anybody in is told beside that what has it is replaced.
OPENED = "network-opened"


def check(update: Update, told: Sequence[Finding], files: Files) -> Iterator[tuple[str, Finding]]:
    """Yield remedy and finding for each difference that is neither harmless nor in ``told``.

    ``files`` are those that differ from the base's; None if they are not known.
    """
    known, differing = {*_told(told)}, [*_moved(differences(update, files))]
    of_known = [each for each in differing if _place(each) in known]
    # What is told to go may come again under another id.
    gone = [each.before for each in of_known if not each.where]
    told_of: dict[object, tuple[Row, list[tuple[Difference, Finding]]]] = {}
    for number, each in enumerate(differing):
        hazard = tables.hazard(each)
        is_told = each in of_known and (hazard is None or hazard.name != OPENED)
        if is_told or (not each.where and each.after in gone):
            continue
        if row := hazard or (None if tables.harmless(each) else UNCLASSIFIED):
            row = replace(row, remedy=row.remedy.replace(SAID, row.said(each)))
            found = _finding(each, row)
            alike: object = number
            if row.once:
                alike = row.name, each.where[:2], as_text([each.before, each.after])
            elif each.owner:
                change = row.name, found.message, as_text([each.before, each.after])
                alike = found.path, len(each.where), each.where[-1:], change
            told_of.setdefault(alike, (row, []))[1].append((each, found))
    for row, same in told_of.values():
        lines = [*dict.fromkeys(found.source for _, found in same)]
        exact = str(_joined([each for each, _ in same]))
        yield row.remedy, replace(same[0][1], rule=rule_id(row.name, exact), source=few(lines))


def _joined(same: Sequence[Difference]) -> Difference:
    """Return the one of the same changes; if a construct has several, with all their places."""
    first, places = same[0].where, [each.where for each in same]
    differ = [at for at, keys in enumerate(zip(*places, strict=False)) if len({*keys}) > 1]
    if not (differ and same[0].owner):
        return same[0]
    begun, end = differ[0], differ[-1] + 1
    names = sorted({".".join(each[begun:end]) for each in places}, key=lambda e: (len(e), e))
    return replace(same[0], where=(*first[:begun], f"{{{','.join(names)}}}", *first[end:]))


def _moved(differing: Sequence[Difference]) -> Iterator[Difference]:
    """Yield each difference; of code that comes, what differs from its like that goes."""
    of_code = [each for each in differing if each.where[:1] == (CODE,)]
    gone = [each.before for each in of_code if each.after is None]
    for each in differing:
        is_new = each.where[:1] == (CODE,) and each.before is None and each.after not in gone
        like = next((text for text in gone if is_new and is_like(text, each.after)), None)
        yield each if like is None else replace(each, before=like)


def _told(found: Sequence[Finding]) -> Iterator[tuple[str, str]]:
    """Yield path and property of what is told; its type for a resource that goes."""
    for each in found:
        type_, _, names = each.rule.partition("[")[2].removesuffix("]").partition(" ")
        if each.kind == REPLACED or (each.kind in GONE and not names):
            yield from ((each.path, name) for name in (names or type_).split(","))


def _place(difference: Difference) -> tuple[str, str]:
    """Return path and property; the type of a resource that goes."""
    path = difference.owner.path if difference.owner else difference.stack.path
    gone = difference.type if difference.after is None else ""
    return path, difference.place.split(".")[:2][-1] or gone


def _finding(difference: Difference, row: Row) -> Finding:
    said = row.said(difference)
    change = "" if said else _why(difference.before, difference.after)
    message = "; ".join(filter(None, (row.why.replace(SAID, said), change)))
    if difference.owner:
        return at(difference.owner, message, exact=str(difference))
    found = at_stack(difference.stack, message, exact=str(difference))
    parts = texts.values(difference.after, difference.where) if said else ()
    quoted = {text: where for _, where, text in parts if said in text}
    if quoted:
        difference = replace(difference, where=quoted[min(quoted, key=len)])
    return replace(found, source=_line(difference) or found.source)


def _line(difference: Difference) -> str:
    """Return file and line of what differs: of a whole file, where it first does."""
    before, after, where = difference.before, difference.after, difference.where
    if not (isinstance(before, str) and isinstance(after, str)):
        return difference.line
    both = zip(before.splitlines(), after.splitlines(), strict=False)
    first = sum(1 for _ in takewhile(lambda lines: lines[0] == lines[1], both))
    if (*where, "0") not in difference.stack.lines:
        is_file = where[0] in FILES and not where[2:]
        return f"{difference.line.partition(':')[0]}:{first + 1}" if is_file else difference.line
    number = first_new(before, after) if where[0] == CODE else min(first, after.count("\n"))
    return replace(difference, where=(*where, str(number))).line


def _why(before: object, after: object) -> str:
    old, new = (_written(each) for each in (before, after))
    if "\n" in (old + new).strip():
        lines = differing(old, new)
        gone, come = (sorted(each[1:] for each in lines if each[0] == of) for of in "-+")
        what = "stand in another order" if gone == come else "differ"
        return "\n      ".join([f"these lines {what}:", *first_lines(lines, LINES)])
    if "" in (before, after) and None in (before, after):
        return f"it is {'new there' if before is None else 'no longer there'}"
    was, is_ = ("nothing" if e is None else texts.spelled(e) or "empty" for e in (before, after))
    return f"it was {was} and becomes {is_}"


def _written(value: object) -> str:
    """Return what a value is compared as: a long one that is no text by its lines."""
    if isinstance(value, str | None):
        return value or ""
    text = texts.spelled(value)
    return text if len(text) <= SHOWN else json.dumps(value, indent=1).replace("\\n", "\n")
