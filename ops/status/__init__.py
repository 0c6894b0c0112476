"""The state of the product: one line per question and region, and a verdict.

``survey.py`` asks, ``screen.py`` shows. Nothing here changes anything, but for the marker that
``replication.py`` writes when it is asked to.
"""
