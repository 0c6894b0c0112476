"""The synthesized pipeline in every situation that a team meets.

Every push runs the pipeline's own gates, so all scenarios together take half an hour: they run when
``REHEARSE`` is set. ``make rehearse SCENARIO=all`` runs the same ones.
"""

import os
from collections.abc import Iterator

import pytest

from local.rehearsal.rehearsal import Rehearsal
from local.rehearsal.scenarios import SCENARIOS, Scenario
from local.rehearsal.terminal_output import Console

pytestmark = pytest.mark.skipif(not os.environ.get("REHEARSE"), reason="set REHEARSE=1: 30 minutes")


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    state = tmp_path_factory.mktemp("rehearsal")
    rehearsal = Rehearsal.start(state, lambda _: True, Console())
    yield rehearsal
    rehearsal.stop()


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_the_pipeline_keeps_its_promise(rehearsal: Rehearsal, scenario: Scenario) -> None:
    scenario(rehearsal)
