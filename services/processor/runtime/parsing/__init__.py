"""Turns the bytes of a file into rows, streaming, in bounded memory whatever the file's size."""

from services.processor.runtime.parsing.read import read_rows
from services.processor.runtime.parsing.rows import BadRow, CsvRow, JsonRow, Row
from services.processor.runtime.parsing.unreadable import UnreadableFileError

__all__ = ["BadRow", "CsvRow", "JsonRow", "Row", "UnreadableFileError", "read_rows"]
