"""What producers get wrong, and how it is rejected: a row, or the rest of the file."""

import codecs
import gzip
import json
import math
from collections.abc import Iterator

from tests.e2e.cases import Bad, Case, among_good, array, good, good_record, lines, rows
from tests.e2e.formats import ORDERS

KILOBYTE = 1024
BAD_VALUES = (
    Bad(b'{"number": NaN}', "INVALID_JSON"),
    Bad(b'{"number": -Infinity}', "INVALID_JSON"),
    Bad(b'{"number": ' + b"7" * 40 + b"}", "NUMBER_OUT_OF_RANGE", "number"),
    Bad(b'{"a": [{"b": 1e999}]}', "NUMBER_OUT_OF_RANGE", "a[0].b"),
    Bad(b'{"a":' * 40 + b"1" + b"}" * 40, "NESTED_TOO_DEEP", ".".join("a" * 30)),
    Bad(b'{"a":' * 5000 + b"1" + b"}" * 5000, "NESTED_TOO_DEEP"),
    Bad(rb'{"text": "\ud800"}', "INVALID_UNICODE"),
    Bad(b'{"text": "\xff"}', "INVALID_UTF8"),
    Bad(json.dumps({"text": "x" * 401 * KILOBYTE}).encode(), "ITEM_TOO_LARGE"),
    Bad(json.dumps({"text": "x" * 1025 * KILOBYTE}).encode(), "ROW_TOO_LARGE"),
    Bad(b"[1, 2]", "NOT_AN_OBJECT"),
    Bad(b'{"": 1}', "EMPTY_FIELD_NAME"),
)
BAD_ORDERS = (
    Bad(b'{"id": "A-1"}', "MISSING_FIELD", "timestamp"),
    Bad(json.dumps({**ORDERS[0], "amount": math.nan}).encode(), "INVALID_JSON"),
    Bad(json.dumps({**ORDERS[0], "amount": -5}).encode(), "OUT_OF_RANGE", "amount"),
    Bad(json.dumps({**ORDERS[0], "cost": 5}).encode(), "UNKNOWN_FIELD", "cost"),
)
CSV_HEAD = b"number,text\n"
BAD_RECORDS = (
    Bad(b"1", "RAGGED_ROW"),
    Bad(b"1,2,3", "RAGGED_ROW"),
    Bad(b"1,\xff", "INVALID_UTF8"),
    Bad(b'1,"2"3', "MALFORMED_ROW"),
)


def rejections() -> Iterator[Case]:
    mixed = among_good(BAD_VALUES)
    yield Case(name="bad values of lines", key="any/bad.json", content=lines(mixed), **rows(*mixed))
    yield Case(
        name="bad values of an array", key="any/array.json", content=array(mixed), **rows(*mixed)
    )
    yield Case(
        name="bad orders", key="orders/bad.json", content=lines(BAD_ORDERS), **rows(*BAD_ORDERS)
    )
    records = among_good(BAD_RECORDS, good_record)
    content = CSV_HEAD + lines(records)
    yield Case(name="bad records", key="any/bad.csv", content=content, **rows(*records))
    yield Case(name="header only", key="orders/header only.csv", content=b"id,timestamp,amount\r\n")
    yield from unreadable()


def unreadable() -> Iterator[Case]:
    three = [good(number) for number in (1, 2, 3)]
    whole = array(three)
    for name, content, code in (
        ("empty.json", b"", "EMPTY_FILE"),
        ("empty.csv", b"", "EMPTY_FILE"),
        ("utf-16.csv", codecs.BOM_UTF16_LE + "a,b\n1,2\n".encode("utf-16-le"), "NOT_UTF8"),
        ("really csv.json", b"number,text\n1,row 1\n", "NOT_JSON"),
        ("really html.csv", b"<!DOCTYPE html>\n<p>Log in, please</p>\n", "NOT_CSV"),
        ("duplicate header.csv", b"a,b,a\n1,2,3\n", "DUPLICATE_HEADER"),
    ):
        yield Case(name=name, key=f"orders/{name}", content=content, failure={"code": code})
    yield Case(
        name="cut off.json",
        key="any/cut off.json",
        content=whole[:-5],
        failure={"code": "TRUNCATED_JSON", "row": 3},
        **rows(*three[:2]),
    )
    yield Case(
        name="cut off lines.json",
        key="any/cut off lines.json",
        content=lines(three)[:-6],
        failure={"code": "TRUNCATED_JSON", "row": 3},
        **rows(*three[:2]),
    )
    yield Case(
        name="cut off gzip.json",
        key="any/cut off gzip.json",
        content=gzip.compress(lines(three))[:-8],
        failure={"code": "TRUNCATED_GZIP"},
        **rows(*three),
    )
