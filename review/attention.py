"""What makes a report red, and what an approver of a green one should have a look at."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from policies.changes.resource_spec import Replacement
from policies.register import CHANGES, ROWS
from review import findings, test_results
from review.render.merged import folded

Report: TypeAlias = dict[str, Any]

ACKNOWLEDGE = "or accept it, with a reason: make changes ACKNOWLEDGE=name writes the row"
ACCEPT = f"or accept it, with a reason, in {ROWS}/"
# Of what there is to look at; the parts of the report have all.
NAMED = 3


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
    rest = {name: part for name, part in made.items() if name != "verdict"}
    return {"verdict": verdict, **rest}


def reason(says: str, part: str = "", **more: str) -> Mapping[str, str]:
    """Return a reason that leads to a ``part`` of the report, or is told by what is set."""
    nothing = dict.fromkeys(("rule", "at", "do", "why", "region", "source"), "")
    return {"says": says, "part": part, **nothing, **more}


def line(found: Mapping[str, str]) -> str:
    """Return a reason in one line."""
    where = ", ".join(part for part in (found["region"], found["at"]) if part)
    told = ": ".join(part for part in (found["rule"], where, found["says"]) if part)
    return " ".join(told.split())


def _findings(made: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    for each in (*made["changes"]["hazards"], *made["problems"]):
        do, _, row = each["remedy"].partition("; or accept exactly this")
        yield reason(
            each["message"],
            rule=each["rule"],
            at=each["path"],
            region=each["region"],
            source=each["source"],
            do=f"{do}; {ACKNOWLEDGE if each['gate'] == CHANGES else ACCEPT}" if row else do,
        )


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
        each["name"] + f" ({each['state']})" * (each["state"] == test_results.OTHERS)
        for each in suites
        if test_results.is_missing(each)
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
    yield from _in_data(made["data"])
    for part, what, names in _changed(made):
        more = f" and {len(names) - NAMED} more" * (len(names) > NAMED)
        if names:
            yield reason(f"{what}: {', '.join(names[:NAMED])}{more}", part)
    for each in made["changes"]["acknowledged"]:
        why = f"accepted by {each['owner']}: {each['reason']}"
        place = {"at": each["path"], "region": each["region"], "source": each["source"]}
        yield reason(each["message"], rule=each["rule"], why=why, **place)


def _changed(made: Mapping[str, Any]) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Yield a part of the report, what there is in it to look at, and the names of it."""
    # As the report lists them: what both regions have alike is one.
    changed = folded(made["changes"]["resources"])
    goes = [r for r in changed if r["replacement"] != Replacement.NO or r["action"] == "removed"]
    stores = [each for each in goes if each["stateful"]]
    others = [each for each in changed if each not in stores and each["for"] != "rights"]
    rights = folded(each for each in made["iam"] if each["effect"] != "deny")
    guards = made["sources"]["guards"]
    new = [each for each in made["findings"] if each["state"] == findings.NEW and each["waived"]]
    yield "data", "data is lost", _local(each for each in changed if each["data_loss"])
    yield "data", "stores replaced or removed", _local(stores)
    for state, what in (("new", "new permissions"), ("removed", "permissions taken away")):
        yield "rights", what, [_right(each) for each in rights if each["state"] == state]
    yield "runs", "resources replaced or removed", _local(r for r in others if r in goes)
    yield "runs", "resources changed", _local(each for each in others if each not in goes)
    yield "packages", "packages changed", [each["name"] for each in made["sbom"]["changed"]]
    yield "findings", "findings newly accepted", _local(folded(new))
    # What somebody has accepted is told by itself.
    files = [each["file"] for each in guards["files"] if not each["file"].startswith(ROWS)]
    yield "guards", "files that guard the gates", files
    less = [each["name"] for each in guards["checks"] if each["state"] != "new"]
    yield "guards", "checks or tests gone or changed, or told to look away", less


def _local(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return [each["local"] for each in rows]


def _right(row: Mapping[str, Any]) -> str:
    says = f"{row['principal']} may {' '.join(row['actions'])} on {row['resource']}"
    return says.replace(row["region"], "{region}") if len(row["regions"]) > 1 else says


def _in_data(data: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    if data["not_compared"]:
        words = f"what changes in the data is not known: {data['not_compared']}"
        yield reason(words, "data")
    for each in data["datasets"]:
        found = [f"{kind['rows']:,} {kind['kind']}" for kind in each["differences"]]
        rows = f"{each['rows']:,} {'rows' if data['of_bucket'] else 'sample rows'}"
        words = f"of {rows} {'; '.join(found)}" if found else "every row has the same result"
        yield reason(f"contract of {each['dataset']} {each['state']}: {words}", "data")
