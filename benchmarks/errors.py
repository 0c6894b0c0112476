"""Why a benchmark cannot be run, in words for the person who started it."""


class BenchmarkError(Exception):
    """The benchmarks can't be run as asked; the message says why, and what to do."""
