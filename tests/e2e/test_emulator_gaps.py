"""The emulator still differs from AWS where ``local.emulator_gaps`` says so, or a row can go.

Most probes wait for something that never comes, so they run in parallel.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from local.cloud import Cloud
from local.emulator_gaps import GAPS, Gap

AT_A_TIME = 4


@pytest.fixture(scope="module")
def probed(cloud: Cloud) -> Iterator[Mapping[str, Future[bool]]]:
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        yield {gap.name: threads.submit(gap.probe, cloud) for gap in GAPS}


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.name)
def test_a_gap_is_still_there(gap: Gap, probed: Mapping[str, Future[bool]]) -> None:
    is_there = probed[gap.name].result()

    assert is_there, (
        f"the emulator has caught up: remove {gap.name!r} from local/emulator_gaps.py, with its "
        f"probe and its fix. On AWS: {gap.on_aws} It used to be: {gap.here}"
    )
