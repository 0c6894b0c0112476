"""The report, arranged for reading: what both renderings show, in the order they show it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from naming import PRIMARY
from review import test_results
from review.render.merged import Row, folded, grouped

# What a resource is for, as a reader asks for it.
DATA, RIGHTS, RUNS, OTHER = "data", "rights", "runs", "other"
SHORT_ID = 9


def view(report: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the report, with every list sorted, grouped and merged for its readers."""
    findings, iam, changes = report["findings"], report["iam"], report["changes"]
    changed = folded(changes["resources"])
    lines, waived = report["cost"]["lines"], [row for row in findings if row["waived"]]
    return {
        **report,
        "green": report["verdict"]["colour"] == "green",
        "reasons": grouped(report["verdict"]["reasons"]),
        "short": lambda commit: commit[:SHORT_ID],
        "facts": _facts(report),
        "changed": {
            purpose: [row for row in changed if row["for"] == purpose]
            for purpose in (DATA, RIGHTS, RUNS, OTHER)
        },
        "rights": folded(row for row in iam if row["state"] != "unchanged"),
        "rights_same": folded(row for row in iam if row["state"] == "unchanged"),
        "decided": _by_decision(changes["acknowledged"]),
        "newly": _by_decision(row for row in waived if row["state"] == "new"),
        "waived": _by_decision(row for row in waived if row["state"] == "unchanged"),
        "fixed": folded(row for row in findings if row["state"] == "fixed"),
        "costs_changed": [each for each in lines if each["delta_usd"] or each["idle_delta_usd"]],
    }


def _by_decision(rows: Iterable[Row]) -> list[Row]:
    """Group accepted findings by the decision to accept them: a file of the register."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        waiver = row.get("waiver", row)
        groups[(waiver or {}).get("kind", "without a reason")].append(row)
    return [
        {
            "kind": kind.replace("_", " "),
            "by": group[0].get("waiver") or group[0],
            "rows": folded(group),
            "count": len(group),
        }
        for kind, group in sorted(groups.items())
    ]


def _facts(report: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return what a reviewer asks first: label, answer, ``good``, ``bad`` or nothing, and where."""
    changed = folded(report["changes"]["resources"])
    replaced = [each for each in changed if each["replacement"] != "no"]
    gone = [each for each in changed if each["action"] == "removed"]
    risk = sum(each["for"] == DATA and bool(each["stateful"]) for each in (*replaced, *gone))
    resources = str(len(changed) or "none") + (f", {len(replaced)} replaced" if replaced else "")
    reasons = folded(report["verdict"]["reasons"])
    open_ = sum(row["rule"] != "" and not row["why"] for row in reasons)
    rights = sum(row["state"] == "new" and row["effect"] != "deny" for row in folded(report["iam"]))
    datasets = ", ".join(each["dataset"] for each in report["data"]["datasets"])
    unknown = "not compared" if report["data"]["not_compared"] else ""
    return [
        ("Contracts changed", unknown or datasets or "none", "", "data"),
        ("Stores replaced or removed", str(risk or "none"), "bad" if risk else "good", "data"),
        ("New permissions", str(rights or "none"), "", "rights"),
        ("Resources changed", resources, "", "runs"),
        ("Cost a month", _cost(report["cost"]), "", "cost"),
        ("Findings, not accepted", str(open_ or "none"), "bad" if open_ else "good", "verdict"),
        ("Tests of this commit", *_tests(report["tests"]), "tests"),
        (f"Proof in {PRIMARY}", *_verified(report["verification"], PRIMARY), "proof"),
    ]


def _tests(suites: Iterable[Row]) -> tuple[str, str]:
    passed, failed = (sum(each[key] for each in suites) for key in ("passed", "failed"))
    missing = sum(test_results.is_missing(each) for each in suites)
    if failed:
        return f"{failed} failed", "bad"
    if missing:
        return "not run here" if not passed else f"{passed} passed, others not run", ""
    return f"{passed} passed", "good"


def _cost(cost: Mapping[str, Any]) -> str:
    """Say what a month costs more than with the base; the part about costs has the sums."""
    idle, under_load = cost["idle_delta_usd"], cost["delta_usd"]
    differs = f"{idle:+,.2f} dollars idle, {under_load:+,.2f} under load"
    return differs if idle or under_load else "as before"


def _verified(outcomes: Iterable[Row], region: str) -> tuple[str, str]:
    verdict = next((each["verdict"] for each in outcomes if each["region"] == region), "not yet")
    return verdict, {"passed": "good", "not yet": ""}.get(verdict, "bad")
