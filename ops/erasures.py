"""Records and rejected rows that ``ops forget`` has erased, known by the notes about them.

A note is found by a hash of the erased item's id, so that it does not repeat a record's key.
"""

import hashlib

from ops import items
from ops.region import Region
from services.processor.runtime.keys import NOTES

_HASH_DIGITS = 32


def note_id(record_id: str) -> str:
    """Return the ``recordId`` of the notes about the erasures of an item."""
    hashed = hashlib.sha256(record_id.encode(errors="replace")).hexdigest()
    return f"{NOTES}:{hashed[:_HASH_DIGITS]}"


def is_erased(region: Region, record_id: str, put_at: str) -> bool:
    """Return whether an item that a file put at ``put_at`` brought has been erased since.

    So it is while the erasure is under way. A file put later brings the record anew.
    """
    notes = items.with_id(region, note_id(record_id))
    return any(note["timestamp"]["S"] >= put_at for note in notes)
