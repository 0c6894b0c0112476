import gc

# A third of the time went into looking for garbage in what has been imported and stays.
gc.set_threshold(50_000, 20, 20)


def pytest_collection_finish() -> None:
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Not at the end either, where pytest collects all garbage several times."""
    gc.freeze()
