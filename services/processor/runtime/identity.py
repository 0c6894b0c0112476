"""A record's identity: the key and the moment that its contract finds in the standard form.

A record with a key has one item, whichever file brings it: ``orders:1001``. The moment, where the
contract declares one, is part of the identity, so that the readings of a sensor are a time series.
"""

from collections.abc import Mapping
from decimal import Decimal

from services.processor.runtime.attributes import Plain
from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.keys import MAX_RECORD_ID_BYTES, NO_TIME, keyed_record_id
from services.processor.runtime.stored_numbers import number_text

# As ``utc_ms`` writes it: one moment has one text, and texts sort by time.
_MOMENT = b"0000-00-00T00:00:00.000Z"
_ZEROS = bytes.maketrans(b"123456789", b"000000000")
# In characters, of at most four bytes each.
_SHORT_ID = MAX_RECORD_ID_BYTES // 4


# A plain tuple, because a named one takes three times as long to create.
Identity = tuple[str, str]
"""The two attributes of a record's primary key: its recordId and its timestamp."""


def identity(
    dataset: str, key: tuple[str, ...], time: str | None, data: Mapping[str, Plain]
) -> Identity:
    """Return the identity of the record with the standard form ``data``.

    ``key`` and ``time`` are names of its fields. A record without ``time`` has the same timestamp
    always, so that its key alone identifies it.

    Raises:
        RejectedRowError: a part of the key is missing or empty, the key is too long, or the
            contract made something else than a moment of ``time``.

    """
    record_id = keyed_record_id(dataset, [_part(name, data.get(name)) for name in key])
    if len(record_id) > _SHORT_ID:
        _check_size(record_id, key[0])
    if time is None:
        return record_id, NO_TIME
    moment = data.get(time)
    if not moment or not isinstance(moment, str):
        problem = "no moment; the record is stored under it, so it must not be empty"
        raise RejectedRowError("EMPTY_TIME", problem, time)
    if moment.encode(errors="replace").translate(_ZEROS) != _MOMENT:
        problem = "the contract wrote the moment in another way than utc_ms does"
        advice = "tell the processor's operators"
        raise RejectedRowError("CONTRACT_ERROR", f"{problem}; {advice}", time)
    return record_id, moment


def _check_size(record_id: str, name: str) -> None:
    size_bytes = len(record_id.encode(errors="replace"))
    if size_bytes > MAX_RECORD_ID_BYTES:
        problem = f"the key takes {size_bytes} bytes; at most {MAX_RECORD_ID_BYTES} are possible"
        raise RejectedRowError("KEY_TOO_LONG", problem, name)


def _part(name: str, value: Plain) -> str:
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return number_text(value)
    problem = "no value; the record is stored under it, so it must be a text or a number"
    raise RejectedRowError("EMPTY_KEY", problem, name)
