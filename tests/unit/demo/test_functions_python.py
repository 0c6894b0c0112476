import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import naming
from local.demo.functions_python import FUNCTIONS, functions_python, sentence

SINCE_MS = 1_790_000_000_000


class Logs:
    """A region's log groups: ``lines`` by function."""

    def __init__(self, lines: Mapping[str, Sequence[str]]) -> None:
        self._lines = lines

    def client(self, service: str) -> "Logs":
        assert service == "logs"
        return self

    def get_paginator(self, call: str) -> "Logs":
        assert call == "filter_log_events"
        return self

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
        assert (asked["startTime"], asked["filterPattern"]) == (SINCE_MS, '"python"')
        for line in self._lines.get(asked["logGroupName"].removeprefix("/aws/lambda/"), ()):
            yield {"events": [{"message": line}]}


def found(*regions: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return functions_python([Logs(lines) for lines in regions], SINCE_MS)  # type: ignore[misc]


def line(python: str) -> str:
    return json.dumps({"message": "file started", "python": python})


def test_each_function_s_versions_are_those_that_it_logged_in_either_region() -> None:
    first = {naming.PROCESSOR: [line("3.14.8"), line("3.14.8")], naming.CANARY: [line("3.14.8")]}
    second = {naming.PROCESSOR: [line("3.11.7")]}

    pythons = found(first, second)

    assert pythons == {naming.PROCESSOR: ["3.11.7", "3.14.8"], naming.CANARY: ["3.14.8"]}


def test_what_is_not_a_line_of_our_own_is_passed_over() -> None:
    lines = ["START python", '{"error": "python"}', line("3.14.8")]

    assert found({naming.STREAM_CONSUMER: lines}) == {naming.STREAM_CONSUMER: ["3.14.8"]}


def test_a_function_that_has_not_run_has_no_version() -> None:
    assert found(dict.fromkeys(FUNCTIONS, ())) == {}
    assert sentence({}) == "unknown: no function has logged anything"


def test_lambda_s_own_version_is_called_that() -> None:
    assert sentence({"a": ["3.14.8"], "b": ["3.14.8"]}) == (
        "the functions ran on 3.14.8, as they will on Lambda"
    )


def test_another_version_comes_with_the_way_to_lambda_s() -> None:
    said = sentence({"a": ["3.14.8"], "b": ["3.11.7"]})

    assert said.startswith("the functions ran on 3.11.7 and 3.14.8, on Lambda they will on 3.14: ")
    assert "put python3.14 on PATH" in said


def test_a_version_that_only_begins_alike_is_another_one() -> None:
    assert "put python3.14 on PATH" in sentence({"a": ["3.140.1"]})
