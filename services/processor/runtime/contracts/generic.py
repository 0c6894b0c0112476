"""Files without a contract of their own: any JSON object or CSV row, each field unchanged.

JSON numbers stay exact. CSV values stay text, as nothing says what they mean. When an object has a
field twice, the last value counts, as in nearly every JSON reader.
"""

from decimal import Decimal

import msgspec

from services.processor.runtime.attributes import Plain, normal
from services.processor.runtime.contracts.base import Contract


def _number(text: str) -> int | Decimal:
    return normal(Decimal(text))


_DECODER = msgspec.json.Decoder(dict[str, object], float_hook=_number)

CONTRACT = Contract[dict[str, Plain]](
    dataset="generic",
    version=1,
    decode_json=_DECODER.decode,  # type: ignore[arg-type]  # with the hook, only plain values
    decode_csv=dict,
    standardise=lambda fields: fields,
)
