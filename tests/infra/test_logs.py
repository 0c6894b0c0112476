"""Logs are kept for a year at least, and forgotten: none goes to a group that a service makes."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk.cx_api import CloudAssembly

GROUP_OF = {
    "AWS::CodeBuild::Project": ("LogsConfig", "CloudWatchLogs", "GroupName"),
    "AWS::Lambda::Function": ("LoggingConfig", "LogGroup"),
}


@pytest.fixture
def templates(assembly: CloudAssembly) -> list[dict[str, Any]]:
    files = [Path(each.template_full_path) for each in assembly.stacks_recursively]
    return [json.loads(file.read_text())["Resources"] for file in files]


def test_every_log_group_keeps_a_year_at_least(templates: list[dict[str, Any]]) -> None:
    kept_days = [
        resource["Properties"].get("RetentionInDays", 0)
        for resources in templates
        for resource in resources.values()
        if resource["Type"] == "AWS::Logs::LogGroup"
    ]

    assert min(kept_days) >= 365


@pytest.mark.parametrize("type_", GROUP_OF)
def test_whatever_logs_does_so_to_a_group_of_its_stack(
    templates: list[dict[str, Any]], type_: str
) -> None:
    for resources in templates:
        groups = {k for k, each in resources.items() if each["Type"] == "AWS::Logs::LogGroup"}
        for each in resources.values():
            if each["Type"] == type_:
                group = each["Properties"]
                for name in GROUP_OF[type_]:
                    group = group.get(name, {})
                assert group.get("Ref") in groups
