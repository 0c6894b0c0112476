"""Hypothesis strategies for plain values."""

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from services.processor.runtime.attributes import Plain

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def _decimal(digits: int, exponent: int) -> Decimal:
    return Decimal(digits).scaleb(exponent)


integers = st.integers(-(10**38) + 1, 10**38 - 1)
decimals = st.builds(_decimal, st.integers(-(10**20), 10**20), st.integers(-130, 100))
scalars = texts | st.booleans() | st.none() | integers | decimals


def _nested(inner: SearchStrategy[Plain]) -> SearchStrategy[Plain]:
    return st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4)


values: SearchStrategy[Plain] = st.recursive(scalars, _nested, max_leaves=6)
objects: SearchStrategy[dict[str, Plain]] = st.dictionaries(names, values, max_size=5)
