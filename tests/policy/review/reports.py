"""A report of small templates; each test changes what it is about."""

from collections.abc import Mapping
from typing import Any

from review import attention, render

FINDING: Mapping[str, Any] = {
    "state": "unchanged",
    "waived": True,
    "waiver": {
        "kind": "no_vpc",
        "reason": "There is nothing private to reach.",
        "owner": "platform team",
        "review_by": "2027-11-30",
    },
    "gate": "Serverless",
    "rule": "Serverless-LambdaVPC",
    "region": "us-east-1",
    "stack": "serverless-data-ingestion-us-east-1-prod",
    "path": "serverless-pipeline-prod/primary/tap/Processor/Resource",
    "message": "The function is in no VPC",
    "source": "services/service_function.py:40",
}
PROBLEM: Mapping[str, str] = {
    "gate": "Project",
    "rule": "Project-retained",
    "region": "us-east-1",
    "path": "p/Table",
    "message": "can be lost",
    "remedy": "retain it",
    "source": "",
}
CHANGE: Mapping[str, Any] = {
    "action": "modified",
    "stack": "serverless-data-ingestion-us-east-1-prod",
    "region": "us-east-1",
    "path": "serverless-pipeline-prod/primary/tap/Table/Resource",
    "logical_id": "Table",
    "type": "AWS::DynamoDB::GlobalTable",
    "properties": {"KeySchema": "yes"},
    "for": "data",
    "values": [{"where": "KeySchema", "before": "recordId", "after": "id"}],
    "replacement": "yes",
    "stateful": True,
    "data_loss": True,
}
RIGHT: Mapping[str, Any] = {
    "state": "new",
    "region": "us-east-1",
    "stack": "serverless-data-ingestion-us-east-1-prod",
    "principal": "serverless-data-processor-us-east-1-prod",
    "effect": "allow",
    "resource": "serverless-processed-data-prod",
    "condition": "",
    "path": "serverless-pipeline-prod/primary/tap/Processor/Policy/Resource",
    "actions": ["dynamodb:DeleteItem"],
}
NO_DATA: Mapping[str, Any] = {
    "not_compared": "",
    "of_bucket": "",
    "rows": 1200,
    "unchanged": ["generic", "orders"],
    "datasets": [],
}

NO_SOURCES: Mapping[str, Any] = {
    "unknown": "",
    "files_unknown": "",
    "base": "",
    "commits": [],
    "files": [],
    "code": [],
    "guards": {"owners": [], "files": [], "checks": []},
}
PER_MILLION: list[Mapping[str, Any]] = [
    {
        "what": "PutItem, new record",
        "units": {"all": 4, "exceptions": 2},
        "usd": {"all": 2.5, "exceptions": 1.25},
    },
    {
        "what": "EventBridge, event on the bus",
        "units": {},
        "usd": {"all": 1.0, "exceptions": 1.0},
    },
]


def report(**parts: object) -> attention.Report:
    """A green report in which nothing has changed, but for ``parts``."""
    made: attention.Report = {
        "commit": {"id": "c" * 40, "subject": "A change", "author": "A", "date": "2026-11-23"},
        "assembly_hash": "a" * 64,
        "base": {"name": "HEAD~1 (0123)", "commit": "b" * 40, "deployed": False},
        "repository": "",
        "sources": dict(NO_SOURCES),
        "problems": [],
        "findings": [dict(FINDING)],
        "data": dict(NO_DATA),
        "changes": {"hazards": [], "acknowledged": [], "resources": []},
        "iam": [],
        "indexes": {},
        "cost": {
            "load": {
                "files_per_day": 10,
                "records_per_file": 100,
                "deployments_per_month": 20,
                "bytes_per_record": 500,
                "item_overhead_bytes": 500,
                "region": "us-east-1",
                "months_kept": 12,
            },
            "prices_of": "2026-11-23",
            "status_index": "all",
            "per_million": PER_MILLION,
            "lines": [],
            "monthly_usd": 12.5,
            "idle_usd": 2.5,
            "delta_usd": 0.0,
            "idle_delta_usd": 0.0,
        },
        "tests": [],
        "sbom": {"components": 3, "changed": []},
        "bootstrap_changes": False,
        "drawing": {"lanes": {}, "beside": []},
        "verification": [],
    }
    return attention.judged({**made, **parts})


def both_regions(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """``row`` and the same of the standby."""
    return [
        row,
        {
            name: value.replace("us-east-1", "us-west-2").replace("/primary/", "/standby/")
            if isinstance(value, str)
            else value
            for name, value in row.items()
        },
    ]


def says(made: attention.Report) -> list[str]:
    """The reasons of a report's verdict, in words."""
    return [each["says"] for each in made["verdict"]["reasons"]]


def html(made: attention.Report) -> str:
    """The page of a report."""
    return render.files(made)["report.html"]


def markdown(made: attention.Report) -> str:
    """The comment that a report becomes."""
    return render.files(made)["report.md"]


def mail(made: attention.Report) -> str:
    """What is mailed of a report."""
    return render.files(made)[render.MAIL]
