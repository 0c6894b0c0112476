"""The size of an item as DynamoDB counts it, computed from its attributes."""

from typing import cast

from services.processor.runtime.attributes import Attribute, Item

# DynamoDB's limit is 400 KB. Replication keeps attributes of its own beside ours.
MAX_ITEM_BYTES = 400 * 1024 - 1024
_CONTAINER_BYTES = 3
_ELEMENT_BYTES = 1


def item_bytes(item: Item) -> int:
    """Return the size of an item: names in UTF-8, values by type; never less than DynamoDB's."""
    return sum(len(name.encode()) + value_bytes(value) for name, value in item.items())


def value_bytes(attribute: Attribute) -> int:
    """Return the size of one encoded value, as DynamoDB counts it."""
    [(kind, value)] = attribute.items()
    match kind:
        case "S":
            return len(cast("str", value).encode())
        case "N":
            return _number_bytes(cast("str", value))
        case "M":
            fields = cast("Item", value)
            return _CONTAINER_BYTES + _ELEMENT_BYTES * len(fields) + item_bytes(fields)
        case "L":
            elements = cast("list[Attribute]", value)
            return _CONTAINER_BYTES + sum(_ELEMENT_BYTES + value_bytes(each) for each in elements)
    return 1  # BOOL and NULL


def _number_bytes(text: str) -> int:
    """One byte for two significant digits, one more, and one for a minus sign.

    DynamoDB documents this as approximate. The digits are paired from the decimal point, as the
    public calculators do, because that is never less than pairing them from the first digit.
    """
    mantissa, _, power = text.removeprefix("-").partition("E")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).rstrip("0")
    exponent = len(whole) + int(power or 0) - len(digits)  # of the last significant digit
    significant = len(digits.lstrip("0"))
    padded = significant + exponent % 2 if significant else 0
    return (padded + 1) // 2 + 1 + text.startswith("-")
