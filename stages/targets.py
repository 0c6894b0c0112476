"""The two copies of the product: the primary takes the traffic, the standby can take it over."""

import naming
from services.deployment_target import Target
from stages.settings import Settings, SettingsError

LOCAL_ACCOUNT = "0" * 12


def primary(settings: Settings) -> Target:
    """Return the copy that takes the traffic.

    Raises:
        SettingsError: its functions would have packages for this machine, and it is on AWS.

    """
    return _target(settings, naming.PRIMARY, settings.account, settings.standby_account)


def standby(settings: Settings) -> Target:
    """Return the warm copy; raise as ``primary`` does."""
    return _target(settings, naming.STANDBY, settings.standby_account, settings.account)


def _target(settings: Settings, region: str, account: str, peer_account: str) -> Target:
    if settings.bundle_platform == "host" and account != LOCAL_ACCOUNT:
        raise SettingsError(
            f"invalid context in cdk.json:\n  bundlePlatform = 'host': must be 'lambda' for "
            f"{account}, because packages for this machine don't start on AWS"
        )
    return Target(
        region=region,
        account=account,
        peer_account=peer_account,
        bucket_suffix=settings.bucket_suffix,
        bundle_platform=settings.bundle_platform,
    )
