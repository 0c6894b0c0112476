import gc

# A tenth of the time went into looking through botocore's service models for garbage.
gc.set_threshold(50_000, 20, 20)


def pytest_collection_finish() -> None:
    """What was imported stays; it need not be looked through again."""
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Nor at the end, where pytest collects all garbage five times, half a second in a process."""
    gc.freeze()
