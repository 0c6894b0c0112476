from mutation.__main__ import _so_far

LOG = "Generating mutants\n\r⠋ 40/900  🎉 30 🫥 0  ⏰ 0  🤔 0  🙁 10\r⠙ 43/900  🎉 33 🫥 0  🙁 10"


def test_what_earlier_runs_have_tried_is_no_progress_of_this_one() -> None:
    assert _so_far(LOG, 200, 60) == "1 %, 3 of 200 mutants, 3.0 mutants/min, 1 h 5 min left"


def test_until_the_first_one_is_tried_only_time_is_known() -> None:
    assert _so_far("Generating mutants", 200, 60) == "1 min 0 s"
