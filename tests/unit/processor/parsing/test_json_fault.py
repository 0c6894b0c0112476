import pytest

from services.processor.runtime.parsing.json_fault import Expected, Fault


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ("", "line 3, column 7: the file ends where a value is expected"),
        ("\n", "line 3, column 7: the line ends where a value is expected"),
    ],
)
def test_a_fault_says_where_it_is_and_what_is_there(found: str, sentence: str) -> None:
    assert str(Fault(3, 7, found, Expected.VALUE)) == sentence
