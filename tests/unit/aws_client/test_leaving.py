import traceback
from typing import NoReturn

import pytest

from services.aws_client.errors import AwsClientError
from services.aws_client.leaving import UnexpectedError, without_contents


def fail(error: Exception, _context: object) -> NoReturn:
    raise error


def test_a_foreseen_error_leaves_as_it_is() -> None:
    error = AwsClientError("out of reach")

    with pytest.raises(AwsClientError) as raised:
        without_contents(fail, (AwsClientError,))(error, None)

    assert raised.value is error


def test_of_any_other_error_its_type_leaves_and_the_place_that_raised_it() -> None:
    with pytest.raises(UnexpectedError) as raised:
        without_contents(fail, (AwsClientError,))(KeyError("Ada"), None)

    shown = "".join(traceback.format_exception(raised.value))
    assert str(raised.value) == "KeyError"
    assert "in fail" in shown
    assert "Ada" not in shown.replace('KeyError("Ada"), None', "")


def test_an_answer_is_handed_on() -> None:
    assert without_contents(pow, ())(2, 3) == 8
