"""The findings as SARIF 2.1.0, for tools that show findings beside the code."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
IN_DATA = "data/"
BASELINE = {"new": "new", "unchanged": "unchanged", "fixed": "absent"}


def document(findings: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return one run; accepted findings are suppressed, with the reason in the register."""
    rules = sorted({finding["rule"] for finding in findings})
    driver = {
        "name": "policies",
        "rules": [{"id": rule} for rule in rules],
    }
    results = [_result(finding, rules.index(finding["rule"])) for finding in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def in_data(changes: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what is wrong with the data like the other findings, at the contract's module."""
    found = [each for each in changes["hazards"] if each["rule"].startswith(IN_DATA)]
    placed = [{**each, "source": f"{each['path']}:1"} for each in found]
    return [{**each, "state": "new", "waived": False, "waiver": None} for each in placed]


def _result(finding: Mapping[str, Any], rule_index: int) -> Mapping[str, Any]:
    identity = "\0".join(finding[key] for key in ("rule", "region", "path"))
    result = {
        "ruleId": finding["rule"],
        "ruleIndex": rule_index,
        "level": "note" if finding["waived"] else "error",
        "message": {"text": _message(finding)},
        "locations": [_location(finding)],
        "partialFingerprints": {"construct/v1": hashlib.sha256(identity.encode()).hexdigest()},
        "baselineState": BASELINE[finding["state"]],
    }
    if finding["waived"]:
        reason = (finding["waiver"] or {}).get("reason", "accepted in code")
        result["suppressions"] = [{"kind": "external", "justification": reason}]
    return result


def _message(finding: Mapping[str, Any]) -> str:
    region = finding["region"]
    return f"{region}: {finding['message']}" if region else str(finding["message"])


def _location(finding: Mapping[str, Any]) -> Mapping[str, Any]:
    logical = {"fullyQualifiedName": finding["path"], "kind": "resource"}
    location: dict[str, Any] = {"logicalLocations": [logical]}
    file, _, line = finding["source"].rpartition(":")
    if file and line.isdigit():
        location["physicalLocation"] = {
            "artifactLocation": {"uri": file, "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": int(line)},
        }
    return location
