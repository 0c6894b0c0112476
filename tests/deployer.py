"""The settings tests synthesize with, whatever a deployer has put in ``cdk.json``."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

CDK_JSON = Path(__file__).resolve().parents[1] / "cdk.json"
LISTED: Mapping[str, Sequence[Any]] = tomllib.loads(
    (CDK_JSON.parent / "policies" / "declared" / "other_settings.toml").read_text()
)["values"]
ACCOUNT, OWN_ACCOUNT = LISTED["account"]
OWN_STANDBY_ACCOUNT, _ = LISTED["standbyAccount"]
# Every key a deployer sets, with the values the project ships with.
SETTINGS: Mapping[str, Any] = {
    **{key: values[0] for key, values in LISTED.items()},
    "standbyAccount": ACCOUNT,
}
# The same keys with a deployer's values, and one account for both regions.
OWN: Mapping[str, Any] = {
    **{key: values[-1] for key, values in LISTED.items()},
    "standbyAccount": OWN_ACCOUNT,
    # An expiry has to be accepted by a deployer's own rows, which tests/policy/test_expiry.py has.
    "rawFilesKeptDays": SETTINGS["rawFilesKeptDays"],
    "rejectedRowsKeptDays": SETTINGS["rejectedRowsKeptDays"],
}


def context(cdk_json: Path = CDK_JSON, /, **settings: object) -> dict[str, Any]:
    """Return the app's context: flags and boundary of ``cdk_json``, ``settings`` over the tests'.

    Without ``settings`` it is the same for every deployer's ``cdk_json``.
    """
    project: Mapping[str, Any] = json.loads(cdk_json.read_text())["context"]
    return {**project, **SETTINGS, **settings}
