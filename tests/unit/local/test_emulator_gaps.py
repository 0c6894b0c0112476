import pytest

from local.emulator_gap import Gap
from local.emulator_gaps import GAPS


def test_each_gap_has_a_name_of_its_own() -> None:
    names = [gap.name for gap in GAPS]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.name)
def test_a_gap_says_in_sentences_what_aws_does_and_what_happens_here(gap: Gap) -> None:
    assert gap.on_aws.endswith(".")
    assert gap.here.endswith(".")


def test_each_gap_has_a_probe_of_its_own() -> None:
    assert len({gap.probe for gap in GAPS}) == len(GAPS)


def test_what_a_template_says_and_cloudformation_ignores_is_closed() -> None:
    closed = {gap.name for gap in GAPS if gap.close}

    assert closed == {"replicas", "dead-letter-config"}
