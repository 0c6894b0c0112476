"""The bytes of a file become rows: streaming, in bounded memory whatever the file's size."""

from services.processor.runtime.parsing.read import can_resume, read_rows, resume_rows
from services.processor.runtime.parsing.rows import BadRow, CsvRow, JsonRow, Row

__all__ = ["BadRow", "CsvRow", "JsonRow", "Row", "can_resume", "read_rows", "resume_rows"]
