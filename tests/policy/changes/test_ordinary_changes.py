"""What people do every day passes, or asks for rows that one command writes and one reason fills.

Each change is planted by itself, as attacks are, and the gates look at it.
"""

import copy as copies
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from attacks import gates
from attacks.attack import (
    PRIMARY,
    REGIONS,
    STACK,
    Plant,
    append,
    both,
    delete,
    edit,
    extend,
    put,
    replace,
    write,
)
from attacks.project import ROOT, Copy, Original
from policies.app import CDK_JSON
from policies.changes import command
from policies.finding import Finding

REASON = "It is what the team agreed on in this change, and nothing of it is deployed yet."
CONSUMER = "StreamConsumer/Service"
KEPT = ("AWS::Logs::LogGroup", "AWS::SQS::Queue")
TEXT = {"AlarmDescription": "What is wrong. Runbook: docs/runbooks/slow.md", "Threshold": 9}
COST = {"Key": "cost-center", "Value": "42"}
LAST = ("AWS::DynamoDB::GlobalTable", "AWS::Scheduler::Schedule")
QUEUE = "Processor/DeadLetters/Queue"
TAGGED = ("Ingestion/Bucket", "Processor/Service/Role", "Alerts/Key", "StreamConsumer/Takeover")


@dataclass(frozen=True, slots=True)
class Ordinary:
    """A change, and the kinds of findings that it has to be acknowledged for; mostly none."""

    what: str
    plant: Plant
    asks: Sequence[str] = ()


def like(at: str, id_: str, **properties: object) -> Plant:
    """Plant a resource that is like the one ``at`` a place but for some properties."""

    def do(copy: Copy) -> None:
        for stack in REGIONS:
            body = copies.deepcopy(copy.resource(stack, at))
            new(id_, body["Type"], **{**body["Properties"], **properties}).do(copy)

    return Plant(at=id_, do=do, stacks=REGIONS)


def new(id_: str, type_: str, **properties: object) -> Plant:
    """Plant a resource that is kept, and made before the ones that the app makes last."""

    def do(copy: Copy) -> None:
        kept = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
        body = {"Type": type_, "Properties": properties, **(kept if type_ in KEPT else {})}
        for stack in REGIONS:
            resources = copy.template(stack)["Resources"]
            for each in resources.values():
                if each["Type"] in LAST:
                    each["DependsOn"] = [*each.get("DependsOn", []), id_]
            resources[id_] = body

    return Plant(at=id_, do=do, stacks=REGIONS)


def next_version(file: str, pinned: str) -> Plant:
    """Plant the next version of a package, whichever is locked today."""
    old = re.findall(pinned, (ROOT / file).read_text())[0]
    return replace(file, old, f"{old}1")


def with_suffix() -> Plant:
    """Plant another name of every bucket, wherever it stands; a stack may have the same."""

    def do(copy: Copy) -> None:
        for stack in copy.original.stacks:
            whole = json.dumps(copy.template(stack))
            for each in copy.original.stacks.values():
                for bucket in each.resources("AWS::S3::Bucket"):
                    name = bucket.properties["BucketName"]
                    whole = re.sub(rf"(?<![\w-])(?<!stack/){name}(?![\w-])", f"{name}-acme", whole)
            copy.templates[stack] = json.loads(whole)

    return Plant(at=STACK, do=do, stacks=REGIONS)


def denial(queue: str) -> dict[str, object]:
    return {
        "Statement": [
            {
                "Action": "sqs:*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                "Effect": "Deny",
                "Principal": {"AWS": "*"},
                "Resource": {"Fn::GetAtt": [queue, "Arn"]},
            }
        ]
    }


CHECKOUT = re.findall(r"checkout@(\w+)", (ROOT / ".github/workflows/ci.yml").read_text())[0]
NEXT_CHECKOUT = f"actions/checkout@{'a' * 40}"
KEYS = ("Table/Table", "Properties.KeySchema")
TYPES = ("Table/Table", "Properties.AttributeDefinitions")
CODE = put("Processor/Service/Function", "Properties.Code.S3Key", f"{'a' * 64}.zip")
CHANGES = (
    Ordinary(
        "a new dataset",
        both(
            write("services/processor/runtime/contracts/counts.py", "CONTRACT = ..."),
            CODE,
            like(
                "Watch/rejected-rows-orders",
                "Counts",
                AlarmName="serverless-counts-prod",
                AlarmDescription="Runbook: docs/runbooks/rejected-rows.md",
            ),
        ),
        asks=["contract-added", "instruction-added"],
    ),
    Ordinary(
        "a comment in a function", extend("services/canary/runtime/canary.py", "# So it is.\n")
    ),
    Ordinary(
        "an edit of a function",
        both(extend("services/processor/runtime/item.py", "MORE = 1\n"), CODE),
        asks=["function-rewritten"],
    ),
    Ordinary("more memory", put(f"{CONSUMER}/Function", "Properties.MemorySize", 1024)),
    Ordinary(
        "a new alarm",
        both(
            write("docs/runbooks/slow.md", "# slow\n"),
            like("Watch/processor-errors", "Slow", AlarmName="serverless-slow-prod", **TEXT),
        ),
        asks=["instruction-added"],
    ),
    Ordinary(
        "an address for alarms",
        new(
            "Mail",
            "AWS::SNS::Subscription",
            Protocol="email",
            Endpoint="on-call@example.com",
            TopicArn={"Ref": "AlertsTopicCF7C81C9"},
        ),
        asks=["alert-address"],
    ),
    Ordinary(
        "the address that is set for alarms",
        replace(CDK_JSON, '"alertEmail": "', '"alertEmail": "team-'),
        asks=["alert-address"],
    ),
    Ordinary(
        "another bucket, by its suffix",
        with_suffix(),
        asks=["stateful-replaced"],
    ),
    Ordinary("an output", put(STACK, "Outputs.ProcessorLogs", {"Value": "/aws/lambda/a"})),
    Ordinary(
        "a queue with everything right",
        both(
            like(QUEUE, "Parked", QueueName="serverless-parked-prod"),
            new(
                "ParkedPolicy",
                "AWS::SQS::QueuePolicy",
                Queues=[{"Ref": "Parked"}],
                PolicyDocument=denial("Parked"),
            ),
        ),
    ),
    Ordinary(
        "a tag for the bill, on a whole stack",
        both(*(append(at, "Properties.Tags", COST) for at in TAGGED)),
        asks=["tag-acts"],
    ),
    Ordinary(
        "an alarm's words",
        edit("Watch/processor-errors", "Properties.AlarmDescription", lambda old: f"{old} Soon."),
        asks=["instruction-changed"],
    ),
    Ordinary(
        "a README edit",
        replace("README.md", "\n## ", "\n## The "),
        asks=["instruction-changed"],
    ),
    Ordinary(
        "a sentence of an architecture",
        replace("docs/architecture.md", "\n## ", "\nSo.\n## "),
        asks=["instruction-changed"],
    ),
    Ordinary(
        "a line in the list of runbooks",
        extend("docs/runbooks/README.md", "| [a](a.md) | b |\n"),
        asks=["instruction-changed"],
    ),
    Ordinary(
        "a sentence of a runbook",
        extend("docs/runbooks/peer-silent.md", "\nRead `docs/` too.\n"),
        asks=["instruction-changed"],
    ),
    Ordinary("a new page with commands", write("benchmarks/new.md", "```sh\nops status\n```\n")),
    Ordinary("a new page of the docs", write("docs/new.md", "So.\n"), asks=["instruction-added"]),
    Ordinary(
        "the page of a new alarm",
        write("docs/runbooks/new.md", "```sh\nops status\n```\n"),
        asks=["instruction-added"],
    ),
    Ordinary(
        "a command of a page",
        replace("docs/operations.md", "ops status --marker ", "ops status --html a "),
        asks=["instruction-changed"],
    ),
    Ordinary(
        "an edit of a benchmark",
        extend("benchmarks/rounds.py", "\n\nROUNDS = 9\n"),
        asks=["check-rewritten"],
    ),
    Ordinary("a benchmark that goes", delete("benchmarks/plots.py")),
    Ordinary("an edit of the simulation", replace("simulation/plan.py", "return ", "return  ")),
    Ordinary("a picture of a page", write("docs/scale/new.png", "")),
    Ordinary("a sample", write("samples/orders/2026/12/Nord (2).csv", "id\n1\n")),
    Ordinary("a compressed sample", write("samples/counts/all.json.gz", "")),
    Ordinary(
        "a command for operators",
        write("ops/commands/again.py", "AGAIN = 1\n"),
        asks=["command-rewritten"],
    ),
    Ordinary(
        "a function of its own",
        both(
            write("services/archive/runtime/main.py", "HANDLER = 1\n"),
            write("stages/archive/construct.py", "ARCHIVE = 1\n"),
        ),
        asks=["function-rewritten", "construct-rewritten"],
    ),
    Ordinary("data of a test", write("tests/unit/ops/known.json", "{}\n")),
    Ordinary(
        "a decision",
        write("docs/decisions/0099-python-3.15.md", "# 99\n"),
        asks=["instruction-added"],
    ),
    Ordinary(
        "more in an event",
        replace(
            "datasets/asyncapi.yaml",
            "              subject: {type: string}",
            "              link: {type: string}\n              subject: {type: string}",
        ),
    ),
    Ordinary(
        "a threshold",
        put("Watch/processor-dlq-age", "Properties.Threshold", 1800),
        asks=["alarm-changed"],
    ),
    Ordinary(
        "the key of the table, whose types and lookup follow",
        both(
            put(*KEYS, [{"AttributeName": "id", "KeyType": "HASH"}], stacks=[PRIMARY]),
            append(*TYPES, {"AttributeName": "id", "AttributeType": "S"}, stacks=[PRIMARY]),
        ),
        asks=["stateful-replaced"],
    ),
    Ordinary(
        "results that are kept for a month",
        replace(
            ".github/workflows/ci.yml",
            "          path: build/tests\n",
            "          path: build/tests\n          retention-days: 30\n",
        ),
    ),
    Ordinary(
        "logs that are kept longer",
        put(f"{CONSUMER}/Logs", "Properties.RetentionInDays", 731),
        asks=["kept-longer"],
    ),
    Ordinary(
        "a new setting",
        replace(CDK_JSON, '"context": {', '"context": {"filesAtOnce": "8",'),
    ),
    Ordinary(
        "the next version of a package",
        both(
            next_version("requirements/dev.in", r"click==[\d.]+"),
            next_version("requirements/dev.txt", r"click==[\d.]+"),
        ),
    ),
    Ordinary(
        "the next version of an action, in three jobs of a workflow",
        both(
            replace(".github/workflows/ci.yml", f"actions/checkout@{CHECKOUT}", NEXT_CHECKOUT),
            replace(".github/actions.toml", CHECKOUT, "a" * 40),
        ),
        asks=["stranger-runs"],
    ),
    Ordinary(
        "the next version of the CDK",
        both(
            next_version("package.json", r'"aws-cdk": "[\d.]+'),
            next_version("package-lock.json", r'"aws-cdk": "[\d.]+'),
        ),
    ),
    Ordinary(
        "a new test", write("tests/unit/test_new.py", "def test_it() -> None:\n    assert str(1)\n")
    ),
    Ordinary(
        "a new rule",
        write("policies/rules/no_delay.py", "REMEDY = ''\n"),
        asks=["check-added"],
    ),
    Ordinary(
        "a new target",
        replace("Makefile", ".PHONY: fuzz\n", ".PHONY: hi\nhi:\n\t@echo hi\n\n.PHONY: fuzz\n"),
        asks=["target-added"],
    ),
    Ordinary(
        "a job that only reads the code",
        extend(
            ".github/workflows/ci.yml",
            "  spelling:\n    runs-on: ubuntu-24.04\n    permissions:\n      contents: read\n"
            "    steps:\n      - run: grep -rn teh docs\n",
        ),
        asks=["job-added"],
    ),
)


@pytest.fixture(scope="module")
def original(green: Path) -> Original:
    return Original.of(green)


def kinds(findings: Sequence[Finding]) -> list[str]:
    return sorted({each.kind for each in findings})


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.what)
def test_an_ordinary_change_asks_for_no_more_than_it_must_and_is_green_with_that(
    original: Original, change: Ordinary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = gates.planted(change.plant, original)

    found = gates.findings(copy)

    assert kinds(found) == sorted(change.asks), "\n\n".join(map(str, found))
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    file, asked = command.write_rows("mine", found, [*original.stacks.values()])
    if asked:
        rows = file.read_text().replace('reason = ""', f'reason = "{REASON}"')
        copy.write("policies/accepted/mine.toml", rows.replace('owner = ""', 'owner = "us"'))
    assert gates.findings(copy) == []
