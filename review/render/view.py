"""The report, arranged for reading: what both renderings show, in the order they show it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from naming import PRIMARY, REGIONS, stage

SHORT_ID = 10
STAGE = re.compile(rf"^([^/]+)/({'|'.join(map(stage, REGIONS))})/")
# These differ between the regions' copies of one row.
# The function that every contract is a part of.
RUNS_CONTRACTS = "tap/Processor/Service/Function"
PLACE = ("region", "stack", "path", "logical_id", "source")


def view(report: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the report, with every list sorted, grouped and merged for its readers."""
    findings, iam, resources = report["findings"], report["iam"], report["changes"]["resources"]
    waived = [row for row in findings if row["waived"] and row["state"] == "unchanged"]
    return {
        **report,
        "green": report["verdict"]["colour"] == "green",
        "short_commit": report["commit"]["id"][:SHORT_ID],
        "uncommitted": report["commit"].get("uncommitted", ""),
        "short_hash": report["assembly_hash"][:SHORT_ID],
        "facts": _facts(report),
        "resources": [_with_contracts(row, report["data"]) for row in folded(resources)],
        "open": folded(row for row in findings if row["state"] != "fixed" and not row["waived"]),
        "accepted": folded(row for row in findings if row["state"] == "new" and row["waived"]),
        "fixed": folded(row for row in findings if row["state"] == "fixed"),
        "waived": _by_reason(waived),
        "waived_count": len(waived),
        "rights_changed": folded(row for row in iam if row["state"] != "unchanged"),
        "load": load_in_words(report["cost"]["load"]),
        "rights_same": _by_principal(row for row in iam if row["state"] == "unchanged"),
    }


def folded(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Merge rows that differ in their region only; ``regions`` names the regions of each."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        what = {key: value for key, value in row.items() if key not in PLACE}
        region = row["region"]
        key = repr((_local(row["path"]), sorted(what.items()))).replace(region, "{region}")
        one = found.setdefault(key, {**row, "regions": [], "local": _local(row["path"])})
        if region not in one["regions"]:
            one["regions"].append(region)
    return list(found.values())


def _with_contracts(row: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a changed resource with what its new code means for the data, if it runs contracts."""
    runs_them = row["local"].startswith(RUNS_CONTRACTS) and "Code" in row["properties"]
    named = [each["dataset"] for each in data["datasets"]]
    words = [f"contract of {', '.join(named)} (see the data above)"] if runs_them and named else []
    return {**row, "contracts": words}


def _local(path: str) -> str:
    """Return a construct path without the stage and without the last part that CDK adds."""
    return STAGE.sub("", path).removesuffix("/Resource")


def _facts(report: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return what a reviewer asks first: label, answer, and ``good``, ``bad`` or nothing."""
    resources, findings = report["changes"]["resources"], report["findings"]
    lost = sum(each["data_loss"] for each in resources)
    replaced = sum(each["replacement"] != "no" for each in resources)
    unwaived = sum(not row["waived"] and row["state"] != "fixed" for row in findings)
    rights = sum(row["state"] == "new" and row["effect"] != "deny" for row in report["iam"])
    datasets = len(report["data"]["datasets"])
    unknown = bool(report["data"]["not_compared"])
    return [
        (
            "Datasets changed",
            "not compared" if unknown else str(datasets) if datasets else "none",
            "",
        ),
        ("Resources changed", _including(len(folded(resources)), replaced, "replaced"), ""),
        ("Data at risk", str(lost) if lost else "none", "bad" if lost else "good"),
        ("Open findings", str(unwaived) if unwaived else "none", "bad" if unwaived else "good"),
        ("New permissions", str(rights) if rights else "none", ""),
        ("Tests", *_tests(report["tests"])),
        ("Monthly cost", _cost(report["cost"]), ""),
        (f"Verified in {PRIMARY}", *_verified(report["verification"], PRIMARY)),
    ]


def _including(count: int, part: int, what: str) -> str:
    return f"{count}, {part} {what}" if part else str(count)


def _tests(tests: Mapping[str, Any] | None) -> tuple[str, str]:
    if not tests:
        return "no results", ""
    passed, failed = (sum(each[key] for each in tests["suites"]) for key in ("passed", "failed"))
    return (f"{failed} failed", "bad") if failed else (f"{passed} passed", "good")


def _cost(cost: Mapping[str, Any]) -> str:
    """Say what a month costs idle and under load, and the difference to the base if any."""
    words = [
        f"${cost[usd]:,.2f}{f' ({cost[delta]:+,.2f})' if cost[delta] else ''} {when}"
        for usd, delta, when in (
            ("idle_usd", "idle_delta_usd", "idle"),
            ("monthly_usd", "delta_usd", "under load"),
        )
    ]
    return ", ".join(words)


def load_in_words(load: Mapping[str, Any]) -> str:
    """Say what the costs are estimated for."""
    return (
        f"{load['files_per_day']:,} files a day of {load['records_per_file']:,} records of "
        f"{load['bytes_per_record']:,} bytes into {load['region']}, kept {load['months_kept']} "
        f"months, and {load['deployments_per_month']:,} deployments a month"
    )


def _verified(outcomes: Iterable[Mapping[str, Any]], region: str) -> tuple[str, str]:
    for outcome in outcomes:
        if outcome["region"] == region:
            passed = outcome["verdict"] == "passed"
            return ("passed", "good") if passed else ("failed", "bad")
    return "not yet", ""


def _by_reason(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    groups: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[(row["waiver"] or {}).get("kind", "without a reason")].append(row)
    return [
        {"kind": kind, "waiver": group[0]["waiver"] or {}, "rows": folded(group)}
        for kind, group in sorted(groups.items())
    ]


def _by_principal(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["principal"], row["region"]].append(row)
    return [
        {"principal": who, "region": region, "rows": group}
        for (who, region), group in sorted(groups.items())
    ]
