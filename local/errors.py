class LocalCloudError(Exception):
    """The local cloud can't do what was asked; the message says why."""
