"""What leads people to a stranger, or shows them something else."""

import json
from typing import Any

from attacks.attack import STACK, add, append, edit, put
from attacks.variants import attacks, joined

BODY = "Properties.DashboardBody"
DELETE_IT = "A copy for tests: delete this with its table"
RUNBOOKS = "https://github.com/example/serverless-file-ingestion/blob/main/docs/runbooks"
LIFETIME = {"Key": "lifetime", "Value": "test - may be deleted from Monday on"}
TEXT = [{"type": "text", "properties": {"markdown": "[Sign in](https://collect.example.org)"}}]


def _with(body: Any, widget: object) -> object:
    return {**body, "widgets": [widget, *body["widgets"]]}


def _again(body: Any, widget: Any) -> object:
    title = body["widgets"][0]["properties"]["title"]
    second = {**widget, "properties": {**widget["properties"], "title": title}}
    return {**body, "widgets": [*body["widgets"], second]}


def _graph(words: object, title: str = "New") -> object:
    return {"type": "metric", "properties": {"title": title, "metrics": [["A", "B", words]]}}


def _replaced(body: object, old: str, new: str) -> object:
    return json.loads(json.dumps(body).replace(old, new, 1))


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

_BELIEVED = attacks(
    "a new alarm that says",
    {
        "to purge what it counts": f"Purge the queue.\n{RUNBOOKS}/new.md",
        "that nothing is lost, without a page": "Nothing is lost.",
        "to read another's page": f"{RUNBOOKS}/peer-silent.md",
        "to read no alarm's": f"{RUNBOOKS}/us-east-1-is-lost.md",
    },
    lambda words: add("New", "AWS::CloudWatch::Alarm", AlarmDescription=words, Namespace="a"),
    by="instruction-added",
    says="goes by its text, and by the page that it names",
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
    _BELIEVED,
    attacks(
        "a new graph whose title is, or ends,",
        {f"as if it were {title}": title for title in ("a.y", "y", "a.(order)", "(order)")},
        lambda title: edit("Watch/Dashboard", BODY, lambda body: _with(body, _graph({}, title))),
        by="dashboard-changed",
    ),
    _DASHBOARDS,
    *(
        attacks(
            "a graph of the dashboard",
            {name: pair},
            lambda pair: edit("Watch/Dashboard", BODY, lambda body: _replaced(body, *pair)),
            by="dashboard-changed",
            says=says,
        )
        for name, pair, says in (
            ("on another scale", ('"yAxis": {}', '"yAxis": {"left": {"max": 1}}'), "another scale"),
            ("of the least", ("Maximum", "Minimum"), "shows something else"),
            ("too narrow to read", ('"width": 12', '"width": 1'), "in another size"),
            ("by another title", ("Files, ", "Parts, "), "no longer find it by its title"),
        )
    ),
    *(
        attacks(
            "words by which people delete what holds data",
            {name: plant},
            lambda plant: plant,
            by="described-otherwise",
            says="before they delete it or hand it out, and believe it",
        )
        for name, plant in (
            ("in an output", put(STACK, "Outputs.Note", {"Value": DELETE_IT})),
            ("as a command", put(STACK, "Outputs.IfFilesWait", {"Value": "ops takeover on"})),
            ("in a name", put(STACK, "Outputs.ThisMayBeDeletedOnMonday", {"Value": "yes"})),
            ("in a tag", append("Watch/processor-errors", "Properties.Tags", LIFETIME)),
        )
    ),
    *(
        attacks(
            "a tag by which others act",
            {key: {"Key": key, "Value": "a"}},
            lambda tag: append("Watch/processor-errors", "Properties.Tags", tag),
            by="tag-acts",
            says="services, scripts and people go by tags",
        )
        for key in ("InspectorExclusion", "delete-after", "aws-backup-plan", "auto:stop")
    ),
    *(
        attacks(
            "a new graph that says what to do",
            {name: words},
            lambda words: edit("Watch/Dashboard", BODY, lambda body: _with(body, _graph(words))),
            by="described-otherwise",
            says="beside the graph",
        )
        for name, words in (
            ("in its legend", {"label": "old: purge this queue"}),
            ("in a title", {"title": "Waiting, which you may purge at once if it grows"}),
            ("as a command", {"title": "Waiting: ops redrive"}),
        )
    ),
    attacks(
        "a new graph that shows less than its title says",
        {"by an expression": {"expression": "0 * m1"}},
        lambda words: edit("Watch/Dashboard", BODY, lambda body: _with(body, _graph(words))),
        by="dashboard-changed",
        says="always the same",
    ),
    attacks(
        "a new graph that shows nothing",
        {"of a queue that isn't there": {"period": 60}},
        lambda words: edit("Watch/Dashboard", BODY, lambda body: _with(body, _graph(words))),
        by="dashboard-changed",
        says="or anything at all",
    ),
    attacks(
        "a second graph of one title",
        {"at the end": json.loads('{"type": "metric", "properties": {"metrics": [["A", "B"]]}}')},
        lambda widget: edit("Watch/Dashboard", BODY, lambda body: _again(body, widget)),
        by="dashboard-changed",
        says="two graphs of one title",
    ),
    attacks(
        "an output that leads people to a stranger",
        {"by its value": "https://help.example.net/guide"},
        lambda to: put(STACK, "Outputs.Guide", {"Value": to}),
        by="leads-elsewhere",
    ),
    attacks(
        "a text on the dashboard",
        {"without a link": {"type": "text", "properties": {"markdown": DELETE_IT}}},
        lambda widget: edit("Watch/Dashboard", BODY, lambda body: _with(body, widget)),
        by="unclassified",
    ),
    attacks(
        "a dashboard that leads people to a stranger",
        {"by a text": {"widgets": TEXT}},
        lambda body: put("Watch/Dashboard", BODY, json.dumps(body)),
        by="leads-elsewhere",
        says="DashboardBody",
    ),
)
