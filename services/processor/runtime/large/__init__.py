"""Files that one run cannot store: planned, stored range by range, and entered as a whole."""
