"""The two copies of the product: the primary takes the traffic, the standby can take it over."""

import naming
from services.deployment_target import Target
from stages.settings import Settings


def primary(settings: Settings) -> Target:
    """Return the copy that takes the traffic."""
    return _target(settings, naming.PRIMARY, settings.account, settings.standby_account)


def standby(settings: Settings) -> Target:
    """Return the warm copy."""
    return _target(settings, naming.STANDBY, settings.standby_account, settings.account)


def _target(settings: Settings, region: str, account: str, peer_account: str) -> Target:
    return Target(
        region=region,
        account=account,
        peer_account=peer_account,
        bucket_suffix=settings.bucket_suffix,
        bundle_platform=settings.bundle_platform,
    )
