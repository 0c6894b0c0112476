"""How DynamoDB counts the size of an item."""

from collections.abc import Mapping
from typing import Final, cast

from services.processor.runtime.attributes import Attribute

# DynamoDB refuses an item of over 400 KB. Replication keeps attributes of its own beside ours.
MAX_ITEM_BYTES: Final = 400 * 1024 - 1024
_CONTAINER_BYTES: Final = 3
_ELEMENT_BYTES: Final = 1


def item_bytes(item: Mapping[str, Attribute]) -> int:
    """Count names in UTF-8, values by their type; numbers are rounded up."""
    return sum(len(name.encode()) + value_bytes(value) for name, value in item.items())


def value_bytes(attribute: Attribute) -> int:
    [(kind, value)] = attribute.items()
    match kind:
        case "S":
            return len(cast("str", value).encode())
        case "N":
            return _number_bytes(cast("str", value))
        case "M":
            fields = cast("dict[str, Attribute]", value)
            return _CONTAINER_BYTES + _ELEMENT_BYTES * len(fields) + item_bytes(fields)
        case "L":
            elements = cast("list[Attribute]", value)
            return _CONTAINER_BYTES + sum(_ELEMENT_BYTES + value_bytes(each) for each in elements)
    return 1  # BOOL and NULL


def _number_bytes(text: str) -> int:
    """One byte for two significant digits, one more, and one for a minus."""
    mantissa = text.partition("E")[0].replace(".", "").lstrip("-")
    digits = len(mantissa.strip("0"))
    return (digits + 1) // 2 + 1 + text.startswith("-")
