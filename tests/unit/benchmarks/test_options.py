import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.cases import BY_NAME, PRODUCT
from benchmarks.errors import BenchmarkError
from benchmarks.options import Options, round_down


def test_the_product_is_always_measured() -> None:
    options = Options(cases=["node_put"])

    assert options.chosen([PRODUCT, "boto3_put_item", "node_put"]) == [PRODUCT, "node_put"]


def test_an_unknown_case_is_refused_by_name() -> None:
    with pytest.raises(BenchmarkError, match="unknown cases: boto4"):
        Options(cases=["boto4"])


def test_a_slow_case_gets_fewer_rows() -> None:
    options = Options(rows=100_000, turn_s=20)

    assert options.rows_for(PRODUCT, 27) == 100_000
    assert options.rows_for("boto3_put_item", 1_400) == 100_000 // BY_NAME["boto3_put_item"].one_in
    assert options.rows_for(PRODUCT, 1_400) == 10_000


@given(st.floats(1, 1e8))
def test_numbers_of_rows_are_round(most: float) -> None:
    rounded = round_down(most)

    assert most / 2.5 < rounded <= most
    assert str(rounded).rstrip("0") in {"1", "2", "5"}
