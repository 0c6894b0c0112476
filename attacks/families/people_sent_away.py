"""What leads people to a stranger, or shows them something else."""

import json

from attacks.attack import add, put
from attacks.variants import attacks, joined

BODY = "Properties.DashboardBody"
TEXT = [{"type": "text", "properties": {"markdown": "[Sign in](https://collect.example.org)"}}]


_ALARMS = attacks(
    "a new alarm that sends people to a stranger",
    {
        "by a link": "see https://collect.example.org/login",
        "by a bare host": "see collect.example.org/login",
        "by mail": "tell help@collect.example.org",
        "joined of two": {"Fn::Join": ["", ["see https://collect", ".example.org/login"]]},
    },
    lambda to: add("New", "AWS::CloudWatch::Alarm", AlarmDescription=to, Namespace="a"),
    by="leads-elsewhere",
    says="AlarmDescription",
)

_DASHBOARDS = attacks(
    "a dashboard that shows people something else",
    {
        "of half a day ago": {"widgets": [], "start": "-PT15H", "end": "-PT3H"},
        "with longer periods": {"widgets": [], "periodOverride": "inherit"},
    },
    lambda body: put("Watch/Dashboard", BODY, json.dumps(body)),
    by="dashboard-opens-otherwise",
    says="whoever opens it in an incident",
)

ATTACKS = joined(
    _ALARMS,
    _DASHBOARDS,
    attacks(
        "a dashboard that leads people to a stranger",
        {"by a text": {"widgets": TEXT}},
        lambda body: put("Watch/Dashboard", BODY, json.dumps(body)),
        by="leads-elsewhere",
        says="DashboardBody",
    ),
)
