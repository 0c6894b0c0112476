"""What an object's key says about the file: its format and its dataset.

Imports the standard library only: the operator's tools and the stacks read keys with it as well.
"""

from typing import Literal, get_args

Format = Literal["json", "csv", "tsv"]

_FORMATS: dict[str, Format] = {
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".csv": "csv",
    ".tsv": "tsv",
}
_COMPRESSED = ".gz"
FORMATS = get_args(Format)
# In lower case, with the compressed forms: ``.json``, ``.json.gz`` and so on.
SUFFIXES = tuple(suffix + end for suffix in _FORMATS for end in ("", _COMPRESSED))


def file_format(key: str) -> Format | None:
    """Return the format that the end of a key names, in any case; ``None`` if it names none."""
    name = key.lower().removesuffix(_COMPRESSED)
    return next((form for suffix, form in _FORMATS.items() if name.endswith(suffix)), None)


def dataset_folder(key: str) -> str:
    """Return the first folder of a key in lower case, whatever its leading slashes; else empty."""
    folder, slash, _ = key.lstrip("/").partition("/")
    return folder.lower() if slash else ""
