import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.console.drill_report import last_drill


def test_a_report_gives_its_scenarios_with_their_numbers(tmp_path: Path) -> None:
    file = tmp_path / "drill.json"
    scenario = {
        "name": "region-gone",
        "about": "calls are refused",
        "verdict": "missed",
        "complaints": ["RTO 31 s"],
        "timeline": [{"at_s": 1.5, "what": "fault"}],
        "rto_s": 31.25,
        "rpo": {"files": 0, "newest_s": None},
        "lost": 1200,
        "examples": {"nested": {"deeper": 1}, "ok": True},
    }
    file.write_text(json.dumps({"started": "2026-11-26T10:00:00Z", "scenarios": [scenario]}))

    drill = last_drill(file)

    [found] = drill.scenarios
    assert drill.started == "2026-11-26T10:00:00Z"
    assert (found.name, found.about, found.verdict) == (
        "region-gone",
        "calls are refused",
        "missed",
    )
    assert list(found.complaints) == ["RTO 31 s"]
    assert (found.timeline[0].at_s, found.timeline[0].what) == (1.5, "fault")
    assert found.facts == {
        "rto": "31.25 s",
        "rpo files": "0",
        "rpo newest": "unknown",
        "lost": "1,200",
    }


def test_without_a_drill_it_says_so(tmp_path: Path) -> None:
    assert last_drill(tmp_path / "none.json").silence == "no drill has been run here"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"scenarios": [1]}', '{"scenarios": [{"name": "x"}]}', "\udc80"]
)
def test_an_unreadable_report_is_said_and_no_error(tmp_path: Path, text: str) -> None:
    file = tmp_path / "drill.json"
    file.write_bytes(text.encode(errors="surrogateescape"))

    assert "is not readable" in last_drill(file).silence


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["scenarios", "name", "timeline", "at_s", "what"]), inner, max_size=4
        )
    ),
)


@given(report=_JSON)
def test_no_report_breaks_the_page(
    tmp_path_factory: pytest.TempPathFactory, report: object
) -> None:
    file = tmp_path_factory.mktemp("drill") / "drill.json"
    file.write_text(json.dumps(report))

    assert last_drill(file).silence or last_drill(file).scenarios is not None
