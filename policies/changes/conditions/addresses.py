"""Whom alarms and approvals are mailed to: a setting, told once where a deployer writes it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from policies.changes.differences import Difference
from policies.changes.documents import CDK_JSON

SUBSCRIPTION = "AWS::SNS::Subscription"
FILE = Path(__file__).resolve().parents[3] / CDK_JSON
SAYS = {"Endpoint", "Protocol", "TopicArn"}


def follows_setting(difference: Difference) -> bool:
    """Return whether a mail subscription comes or goes with the address in ``cdk.json``.

    One that goes must have made room for it: its topic tells that address now, if there is one.
    """
    if difference.where:
        return False
    given = json.loads(FILE.read_text()).get("context", {}).get("alertEmail", "")
    old, new = (_mail(body) for body in (difference.before, difference.after))
    if difference.before is None:
        return bool(given) and new.get("Endpoint") == given
    wanted = {**old, "Endpoint": given}
    known = difference.files is None or CDK_JSON in difference.files
    told = [_mail(each.body) for each in difference.stack.resources(SUBSCRIPTION)]
    goes = difference.after is None and bool(old) and old["Endpoint"] != given
    return goes and known and (not given or wanted in told)


def _mail(body: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return what a subscription says if it is of a mail address and says nothing else."""
    properties = body.get("Properties", {}) if body else {}
    is_mail = properties.keys() == SAYS and properties["Protocol"] == "email"
    return properties if is_mail else {}
