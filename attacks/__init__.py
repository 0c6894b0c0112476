"""Attacks on the project, each planted alone, to see that the gate which is for it says so.

An attack is a row of a family, ``families/<name>.py``: a sentence of what it is, how it is planted,
and the name of what must catch it: a rule (``Project-…``), a hazard, a kind, or a tool's finding.
To add one is to add that row::

    Attack("a mapping that is off", put("StreamConsumer/Changes", "Properties.Enabled", False),
           by="mapping-switched", says="becomes false")

``attack.py`` has the ways to plant, ``variants.py`` other spellings of the same thing, and
``gates.py`` what looks at the copy of the project in which an attack is planted. ``make attack``
plants them all and prints who caught which, and where; the tests do the same.
"""
