import csv
import io
import json
from collections.abc import Iterable


def csv_row(values: Iterable[str]) -> bytes:
    """One row without the end of line."""
    row = io.StringIO()
    csv.writer(row, lineterminator="").writerow(values)
    return row.getvalue().encode()


def json_value(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
