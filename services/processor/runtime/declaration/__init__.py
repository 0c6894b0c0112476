"""What a contract is declared with, and how its declaration reads a row.

A contract declares a struct of the row as producers write it. From that one declaration follow
how JSON and CSV are read, which rows are refused and with which sentence, and the schemas.
"""

from services.processor.runtime.attributes import utc_ms
from services.processor.runtime.declaration.contract import Contract, Example
from services.processor.runtime.declaration.fields import (
    Moment,
    MomentText,
    Number,
    number,
)
from services.processor.runtime.file_form import FileForm

__all__ = [
    "Contract",
    "Example",
    "FileForm",
    "Moment",
    "MomentText",
    "Number",
    "number",
    "utc_ms",
]
