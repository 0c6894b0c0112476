"""Which actions the roles have taken since the cloud was started, as the emulator notes them."""

from local.cloud import Cloud

FILE = "used-rights.txt"


def of(cloud: Cloud, role_name: str) -> set[str]:
    """Return the actions that the role was allowed to take and took."""
    lines = [line.split() for line in (cloud.state_dir / FILE).read_text().splitlines()]
    return {action for role, action in lines if role == role_name}
