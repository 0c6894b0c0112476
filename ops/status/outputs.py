"""The outputs of a region's stack, where one may be missing."""

from ops.region import Region


class MissingOutputError(Exception):
    """The region's stack has no such output: it is older than what is asked for."""


def output(region: Region, key: str) -> str:
    """Return an output.

    Raises:
        MissingOutputError: the stack has none of that name, or was not read.

    """
    try:
        return region.output(key)
    except KeyError as error:
        raise MissingOutputError(f"the region's stack has no output {key}") from error
