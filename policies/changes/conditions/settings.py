"""What of the templates follows a setting, which is told once where a deployer writes it.

How it follows is said here again: the app's own code would let whoever edits it decide.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from policies import app, patterns
from policies.changes.differences import Difference

SUBSCRIPTION = "AWS::SNS::Subscription"
FILE = app.ROOT / app.CDK_JSON
ALARM_PERIOD_MINUTES = 5
# Where the templates say what a setting says, by its name.
GIVEN: Mapping[str, Sequence[str]] = patterns.beside(__file__)


def follows_setting(difference: Difference) -> bool:
    """Return whether a mail subscription or another value is as ``cdk.json`` has it now.

    A subscription that goes must have made room for another: its topic tells the address now, if
    there is one.
    """
    settings = app.settings(FILE.read_text())
    if not difference.where:
        return _is_mail_to(settings.get("alertEmail", ""), difference)
    local = difference.owner.local if difference.owner else ""
    at = f"{local} {difference.place}".strip()
    load = settings.get("load", {}).get(at.removeprefix("Metadata.Load."))
    given = next((settings.get(name) for name, where in GIVEN.items() if at in where), load)
    value = _of_canary(int(settings.get("canaryEveryMinutes", 0))).get((local, difference.place))
    return str(difference.after) in (given, value)


def _of_canary(minutes: int) -> Mapping[tuple[str, str], str]:
    """Return what follows from how often the canary runs, by construct and place."""
    periods = math.ceil(minutes / ALARM_PERIOD_MINUTES)
    rate = f"rate({minutes} minute{'s' if minutes > 1 else ''})"
    fresh = "Properties.Environment.Variables.FRESH_FOR_S"
    return {
        ("tap/Canary/Schedule", "Properties.ScheduleExpression"): rate,
        ("tap/Canary/Service/Function", fresh): str(2 * 60 * minutes + 60),
        ("tap/Watch/canary-failing", "Properties.EvaluationPeriods"): str(2 * periods + 1),
        ("tap/Watch/peer-silent", "Properties.EvaluationPeriods"): str(periods + 1),
    }


def _is_mail_to(given: str, difference: Difference) -> bool:
    old, new = (_mail(body) for body in (difference.before, difference.after))
    if difference.before is None:
        return bool(given) and new.get("Endpoint") == given
    wanted = {**old, "Endpoint": given}
    known = difference.files is None or app.CDK_JSON in difference.files
    told = [_mail(each.body) for each in difference.stack.resources(SUBSCRIPTION)]
    goes = difference.after is None and bool(old) and old["Endpoint"] != given
    return goes and known and (not given or wanted in told)


def _mail(body: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return what a subscription says if it is of a mail address and says nothing else."""
    properties = body.get("Properties", {}) if body else {}
    is_plain = properties.keys() == {"Endpoint", "Protocol", "TopicArn"}
    return properties if is_plain and properties["Protocol"] == "email" else {}
