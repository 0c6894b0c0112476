"""The findings as SARIF 2.1.0, for tools that show findings beside the code."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
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


def _result(finding: Mapping[str, Any], rule_index: int) -> Mapping[str, Any]:
    identity = "\0".join(finding[key] for key in ("rule", "region", "path"))
    result = {
        "ruleId": finding["rule"],
        "ruleIndex": rule_index,
        "level": "note" if finding["waived"] else "error",
        "message": {"text": f"{finding['region']}: {finding['message']}"},
        "locations": [_location(finding)],
        "partialFingerprints": {"construct/v1": hashlib.sha256(identity.encode()).hexdigest()},
        "baselineState": BASELINE[finding["state"]],
    }
    if finding["waived"]:
        reason = (finding["waiver"] or {}).get("reason", "accepted in code")
        result["suppressions"] = [{"kind": "external", "justification": reason}]
    return result


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
