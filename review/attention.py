"""What an approver of a green report should have a look at."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.changes.resource_spec import Replacement
from review import findings


def worth_a_look(made: Mapping[str, Any]) -> Iterator[str]:
    """Yield what an approver should know of a report in which nothing is wrong."""
    if made["bootstrap_changes"]:
        yield "update the bootstrap's policies before the deployment (docs/deployment.md)"
    yield from _in_data(made["data"])
    resources = made["changes"]["resources"]
    counts = {
        "resources replaced": sum(each["replacement"] != Replacement.NO for each in resources),
        "resources that lose their data": sum(each["data_loss"] for each in resources),
        "hazardous changes accepted": len(made["changes"]["acknowledged"]),
        "findings newly accepted": sum(
            each["state"] == findings.NEW and each["waived"] for each in made["findings"]
        ),
        "new permissions": sum(
            each["state"] == "new" and each["effect"] != "deny" for each in made["iam"]
        ),
    }
    yield from (f"{what}: {count}" for what, count in counts.items() if count)


def _in_data(data: Mapping[str, Any]) -> Iterator[str]:
    if data["not_compared"]:
        yield f"what changes in the data is not known: {data['not_compared']}"
    for each in data["datasets"]:
        found = [f"{kind['rows']} rows {kind['kind']}" for kind in each["differences"]]
        yield f"data of {each['dataset']} {each['state']}" + "".join(f"; {part}" for part in found)
