"""``python -m local.demo``: files in, records in both regions, every row accounted for."""
