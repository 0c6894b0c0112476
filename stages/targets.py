"""Where the product is deployed, and in which role: data, so that no construct asks."""

from dataclasses import dataclass

import naming
from stages.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One region's copy. ``peer_region`` of ``peer_account`` has the table's other replica."""

    stage_id: str
    account: str
    region: str
    peer_account: str
    peer_region: str
    standby: bool
    bucket_suffix: str

    @property
    def shares_account(self) -> bool:
        return self.account == self.peer_account

    @property
    def ingestion_bucket(self) -> str:
        return naming.ingestion_bucket(self.region, self.bucket_suffix)

    @property
    def access_logs_bucket(self) -> str:
        return naming.access_logs_bucket(self.region, self.bucket_suffix)


def primary(settings: Settings) -> Target:
    return Target(
        stage_id="primary",
        account=settings.account,
        region="us-east-1",
        peer_account=settings.standby_account,
        peer_region="us-west-2",
        standby=False,
        bucket_suffix=settings.bucket_suffix,
    )


def standby(settings: Settings) -> Target:
    return Target(
        stage_id="standby",
        account=settings.standby_account,
        region="us-west-2",
        peer_account=settings.account,
        peer_region="us-east-1",
        standby=True,
        bucket_suffix=settings.bucket_suffix,
    )
