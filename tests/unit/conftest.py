import gc

# A tenth of the time went into looking through botocore's service models for garbage.
gc.set_threshold(50_000, 20, 20)
