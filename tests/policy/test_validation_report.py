"""What is read from CDK's report besides the findings themselves."""

import json
from pathlib import Path

import pytest

from policies import validation_report

TRACE = """...aws-cdk-lib, jsii runtime...
(no user code in 10 frames)
wrapped (/repository/.venv/lib/python3.11/site-packages/aws_cdk/__init__.py:7)
__init__ (/repository/services/service_function.py:88)
__init__ (/repository/services/processor/construct.py:36)"""


def write(folder: Path, traces: list[str]) -> None:
    construct = {"constructPath": "pipeline/primary/tap/Queue", "stackTraces": traces}
    violation = {"ruleName": "R", "description": "D", "violatingConstructs": [construct]}
    plugin = {"pluginName": "P", "conclusion": "failure", "violations": [violation]}
    (folder / validation_report.FILE).write_text(json.dumps({"pluginReports": [plugin]}))


def source(folder: Path) -> str:
    [plugin] = validation_report.read(folder, [])
    [entry] = plugin.entries
    return entry.finding.source


def test_a_finding_leads_to_the_line_of_ours_that_made_the_construct(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "cwd", lambda: Path("/repository"))
    write(tmp_path, [TRACE])

    assert source(tmp_path) == (
        "services/service_function.py:88, called at services/processor/construct.py:36"
    )


def test_a_finding_whose_line_is_not_known_says_nothing_about_it(tmp_path: Path) -> None:
    write(tmp_path, [TRACE.splitlines()[0]])

    assert source(tmp_path) == ""


def test_no_report_is_not_an_empty_report(tmp_path: Path) -> None:
    with pytest.raises(validation_report.ReportError, match="is missing"):
        validation_report.read(tmp_path, [])
