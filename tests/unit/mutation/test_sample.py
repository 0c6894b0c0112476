from collections import Counter

from mutation import sample

MUTANTS = [
    f"services.{module}.x_{function}__mutmut_{number}"
    for module, functions in (("a.first", "fgh"), ("a.second", "f"), ("b.third", "fg"))
    for function in functions
    for number in range(10)
]


def test_a_sample_takes_as_many_mutants_of_each_module() -> None:
    drawn = sample.draw(MUTANTS, 27, seed=1)
    assert len(set(drawn)) == 27
    assert set(Counter(map(sample.module_of, drawn)).values()) == {9}


def test_a_sample_depends_on_its_seed_only() -> None:
    assert sample.draw(MUTANTS, 5, seed=1) == sample.draw(reversed(MUTANTS), 5, seed=1)
    assert sample.draw(MUTANTS, 5, seed=1) != sample.draw(MUTANTS, 5, seed=2)


def test_a_larger_sample_adds_to_a_smaller_one() -> None:
    assert sample.draw(MUTANTS, 30, seed=1)[:12] == sample.draw(MUTANTS, 12, seed=1)


def test_a_sample_of_more_than_there_are_is_all() -> None:
    assert sorted(sample.draw(MUTANTS, 1000, seed=1)) == sorted(MUTANTS)


def test_a_mutant_says_where_it_is() -> None:
    mutant = "services.a.first.xǁReaderǁread__mutmut_12"
    assert sample.function_of(mutant) == "services.a.first.xǁReaderǁread"
    assert sample.module_of(mutant) == "services.a.first"
    assert sample.room_of(mutant) == "services.a"
