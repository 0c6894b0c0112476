"""The canonical JSON of data, whose digest a reader of the table can compute again."""

import re
from decimal import Decimal

import msgspec

from services.processor.runtime.attributes import Plain
from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.stored_numbers import normal

_ENCODER = msgspec.json.Encoder(order="sorted", decimal_format="number")
_ends_in_zero = re.compile(rb"\.[0-9]*+(?<=0)(?:[,\]}]|\Z)").search
_is_negative_zero = re.compile(rb"-0(?:[,\]}]|\Z)").search
_LISTS = (list, tuple)


def canonical_json(data: Plain) -> bytes:
    """Return equal data as equal bytes: sorted names, no blanks, shortest numbers."""
    return _ENCODER.encode(data)


def canonical_form(data: Plain) -> bytes:
    """Return the canonical JSON of the data as it is stored, whatever a contract computed."""
    try:
        text = canonical_json(data)
        # A number in another form than the stored one is written so; few rows have such a text.
        is_doubtful = _ends_in_zero(text) or _is_negative_zero(text)
        if is_doubtful or b"0E" in text or b"E+" in text:
            text = canonical_json(normal_form(data))
    except TypeError:  # a value of a subclass
        text = canonical_json(normal_form(data))
    except UnicodeEncodeError as error:  # no reader lets one pass, so the contract made it
        problem = "the contract made a text of it with half a character, which cannot be stored"
        advice = "tell the processor's operators"
        raise RejectedRowError("CONTRACT_ERROR", f"{problem}; {advice}") from error
    return text


def normal_form(value: Plain) -> Plain:
    """Return a value as a reader of the table has it: each number in its normal form.

    A value of a subclass, such as an ``Enum`` of texts, becomes one of the type itself. ``value``
    is nested no deeper than ``attribute_text`` takes it.
    """
    if isinstance(value, Decimal):
        return normal(value)
    # Most values are texts: asking for them here saves them a call.
    if isinstance(value, dict):
        return {n: each if type(each) is str else normal_form(each) for n, each in value.items()}
    if isinstance(value, _LISTS):
        return [each if type(each) is str else normal_form(each) for each in value]
    if isinstance(value, str):
        return str.__str__(value)
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value
