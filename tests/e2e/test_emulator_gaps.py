"""The emulator still differs from AWS where ``local.emulator_gaps`` says so, or a row can go.

Most probes wait for something that never comes, so they run in parallel.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from local.cloud import Cloud
from local.emulator_gap import Gap
from local.emulator_gaps import GAPS
from local.emulator_patches.patches import PATCHES
from local.patched_gaps import PATCHED

AT_A_TIME = 4


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """The emulator as it comes, without what is patched inside it; nothing is deployed."""
    cloud = Cloud.launch(tmp_path_factory.mktemp("bare") / "cloud", {"UNPATCHED": "1"})
    yield cloud
    cloud.stop()


@pytest.fixture(scope="module")
def probed(cloud: Cloud, bare: Cloud) -> Iterator[Mapping[str, Future[bool]]]:
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        yield {
            gap.name: threads.submit(gap.probe, bare if gap in PATCHED else cloud) for gap in GAPS
        }


def test_whatever_is_patched_is_a_gap() -> None:
    rights = "rights-of-cloudformation"  # not one patch, but local.emulator_rights

    assert {gap.name for gap in PATCHED} == {*PATCHES, rights}


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.name)
def test_a_gap_is_still_there(gap: Gap, probed: Mapping[str, Future[bool]]) -> None:
    is_there = probed[gap.name].result()

    assert is_there, (
        f"the emulator has caught up: remove {gap.name!r} from local/emulator_gaps.py, with its "
        f"probe, its fix and its patch. On AWS: {gap.on_aws} It used to be: {gap.here}"
    )
