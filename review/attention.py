"""What makes a report red, and what an approver of a green one should have a look at."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from policies.finding import REGISTER, few
from policies.register import ROWS
from review.render import rights
from review.render.folding import folded
from review.render.view import RIGHTS, RUNS, stores_that_go
from review.test_results import NOT_RUN, OTHERS

# What policies/changes/guards.py is called, which no operator's command can import.
GUARDS = "guards"
# Of what a contract asks otherwise.
MOST_TOLD = 3
Report: TypeAlias = dict[str, Any]


def with_verification(made: Report, outcomes: Sequence[Mapping[str, Any]]) -> Report:
    """Return the report with the outcomes added; a newer outcome of a region replaces an older."""
    by_region = {each["region"]: each for each in (*made["verification"], *outcomes)}
    return judged({**made, "verification": [by_region[region] for region in sorted(by_region)]})


def judged(made: Report) -> Report:
    """Return the report with its verdict, which comes first and follows from everything else."""
    reasons = [*_findings(made), *_failures(made)]
    unproved = _unproved(made["tests"])
    verdict = {
        "colour": "red" if reasons or unproved else "green",
        "dangers": len(reasons),
        "reasons": reasons or [*worth_a_look(made)],
        "unproved": unproved,
    }
    return {"verdict": verdict} | made | {"verdict": verdict}


def reason(says: str, part: str = "", **more: str) -> Mapping[str, str]:
    """Return a reason that leads to a ``part`` of the report, or is told by what is set."""
    nothing = dict.fromkeys(("rule", "at", "do", "why", "region", "source"), "")
    return {"says": says, "part": part, **nothing, **more}


def _reason(found: Mapping[str, str], **more: str) -> Mapping[str, str]:
    where = {name: found[name] for name in ("rule", "region", "source")}
    return reason(found["message"], at=found["path"], **where, **more)


def line(found: Mapping[str, str]) -> str:
    """Return a reason in one line."""
    where = ", ".join(part for part in (found["region"], found["at"]) if part)
    told = ": ".join(part for part in (found["rule"], where, found["says"]) if part)
    return " ".join(told.split())


def _findings(made: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    for each in (*made["changes"]["hazards"], *made["problems"]):
        do, _, row = each["remedy"].partition("; or accept exactly this")
        final = "" if row or each["gate"] == REGISTER else "; no row can accept this"
        yield _reason(each, do=do + final)


def _failures(made: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    for suite in made["tests"]:
        if suite["failed"]:
            yield reason(f"tests: {suite['failed']} of {suite['name']} failed", "tests")
    for outcome in made["verification"]:
        if outcome["verdict"] != "passed":
            yield reason(f"verification of {outcome['region']}: {outcome['error']}", "proof")


def _unproved(suites: Sequence[Mapping[str, Any]]) -> str:
    """Return which tests have no result of this commit; empty if all have one."""
    missing = [
        each["name"] + f" ({OTHERS})" * (each["state"] == OTHERS)
        for each in suites
        if each["state"] in (NOT_RUN, OTHERS)
    ]
    if missing and len(missing) == len(suites):
        return "none of this commit's tests was run"
    return f"tests of this commit that were not run: {', '.join(missing)}" if missing else ""


def worth_a_look(made: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    """Yield what an approver should know of a report in which nothing is wrong."""
    if made["bootstrap_changes"]:
        words = "update the bootstrap's policies before the deployment (docs/deployment.md)"
        yield reason(words, "rights")
    for outcome in made["verification"]:
        for line in outcome.get("state", ()):
            # Unknown is what nobody has used in a day, above all in the standby.
            if line["state"] == "attention":
                words = f"{outcome['region']} now: {line['about']}: {line['says']}"
                yield reason(words, f"now-{outcome['region']}")
    authors = sorted({each["author"] for each in made["sources"]["commits"]})
    # Lines of sources come after what they do.
    for each in sorted(made["changes"]["acknowledged"], key=lambda row: row["path"] == GUARDS):
        owner = each["owner"]
        by = f"by {owner}, who wrote this change, and by nobody else" if owner in authors else ""
        if authors and not by:
            by = f"on behalf of {owner}, in a row that came with this change of {few(authors)}"
        yield _reason(each, why=f"Accepted {by or f'by {owner}'}: “{each['reason']}”")
    yield from _in_data(made["data"])
    for part, what, names in _named(made):
        if names:
            yield reason(f"{what}: {few(names)}", part)


def _in_data(data: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    if data["not_compared"]:
        yield reason(f"what changes in the data is not known: {data['not_compared']}", "data")
    for each in data["datasets"]:
        rows = f"{each['rows']:,} {'rows' if data['of_bucket'] else 'sample rows'}"
        says = f"of {rows}, {'; '.join(map(_rows, each['differences']))}"
        parts = [says if each["differences"] else f"each of {rows} has the same result"]
        both = [*each["asked"].items()][:MOST_TOLD]
        both += ((name, of.values()) for name, of in each["declared"].items() if name == "version")
        parts += (f"{name} {was} becomes {is_}" for name, (was, is_) in both)
        yield reason(f"contract of {each['dataset']} {each['state']}: {'; '.join(parts)}", "data")


def _rows(kind: Mapping[str, Any]) -> str:
    """Return how many rows differ in a way, and what most of them have in common."""
    [case, *others] = kind["cases"]
    shared = f", most with {case['shared']}" if case["shared"] and not others else ""
    return f"{kind['rows']:,} {kind['kind']}{shared}"


def _named(made: Mapping[str, Any]) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Yield a part of the report, what there is in it to look at, and the names of it.

    They are as the report lists them: what both regions have alike is one. Each store that goes is
    told by a finding.
    """
    changed, guards = folded(made["changes"]["resources"]), made["sources"]["guards"]
    stores = stores_that_go(changed)
    others = [each for each in changed if each not in stores and each["for"] != RIGHTS]
    new = (each for each in made["findings"] if each["state"] == "new" and each["waived"])
    permissions = rights.told(rights.changed(made))
    yield from ((RIGHTS, what, told) for what, told in permissions.items())
    yield RUNS, "resources changed", [each["local"] for each in others]
    yield "packages", "packages changed", [each["name"] for each in made["sbom"]["changed"]]
    yield "findings", "findings newly accepted", [each["local"] for each in folded(new)]
    # Rows that accept come last: what they accept is more.
    files = sorted((each["file"] for each in guards["files"]), key=lambda file: ROWS in file)
    by = f", for {few(guards['owners'])} to review" if guards["owners"] else ""
    yield "guards", f"files of the gates themselves{by}", files
    less = [each["name"] for each in guards["checks"] if each["state"] != "new"]
    yield (
        "guards",
        "checks or tests gone or changed, told to look away, or acting when imported",
        less,
    )
