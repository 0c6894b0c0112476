"""A table that applies the requests of the functions, and keeps each state of each item."""

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.processor.runtime.storage.sending import Sending
from tests.unit.processor.storage.scripted_dynamodb import Outcome, ScriptedDynamoDb, refusal

Item = dict[str, Any]
_SET = re.compile(r"#?(\w+) = (?:(if_not_exists)\(#?\w+, )?:(\w+)")
_ADD = re.compile(r"#?(\w+) :(\w+)")


@dataclass
class RecordedTable:
    """Of conditions it knows two: an entry is new, a round is at work. All others hold.

    ``disturb`` may answer a request in the place of the table.
    """

    items: dict[str, Item] = field(default_factory=dict)
    states: list[Item] = field(default_factory=list)
    disturb: Callable[[str, dict[str, Any]], Outcome | None] = lambda *_: None

    def __post_init__(self) -> None:
        self.client = ScriptedDynamoDb(self._answer)

    def sending(self) -> Sending:
        return Sending(self.client, clock_s=self.client.clock_s)

    def _answer(self, operation: str, request: dict[str, Any]) -> Outcome:
        disturbed = self.disturb(operation, request)
        if disturbed is not None:
            return disturbed
        key = (request.get("Key") or request["Item"])["recordId"]["S"]
        if operation == "GetItem":
            return json.dumps({"Item": self.items[key]}).encode()
        stored = self.items.get(key, {})
        condition = request["ConditionExpression"]
        is_new_only = "attribute_not_exists(recordId)" in condition
        is_of_round = "rangesPlan" in condition
        if (is_new_only and stored) or (is_of_round and "rangesPlan" not in stored):
            return refusal("ConditionalCheckFailedException")
        made = request.get("Item") or _updated(stored | request["Key"], request)
        self.items[key] = made
        self.states.append(copy.deepcopy(made))
        return json.dumps({"Attributes": made}).encode()


def _updated(item: Item, request: dict[str, Any]) -> Item:
    values = request["ExpressionAttributeValues"]
    clauses = re.split(r"(?:^| )(SET|REMOVE|ADD) ", request["UpdateExpression"])[1:]
    for clause, said in zip(clauses[::2], clauses[1::2], strict=True):
        if clause == "SET":
            for name, only_once, value in _SET.findall(said):
                if not (only_once and name in item):
                    item[name] = values[f":{value}"]
        elif clause == "ADD":
            for name, value in _ADD.findall(said):
                item[name] = _sum(item.get(name), values[f":{value}"])
        else:
            for name in said.split(", "):
                item.pop(name.removeprefix("#"), None)
    return item


def _sum(known: Item | None, more: Item) -> Item:
    if known is None:
        return more
    [(kind, value)] = more.items()
    if kind == "NS":
        return {"NS": sorted({*known["NS"], *value})}
    return {"N": str(int(known["N"]) + int(value))}
