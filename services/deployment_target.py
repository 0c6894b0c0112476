"""The targets of a deployment."""

from dataclasses import dataclass

import naming


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One region's copy of the product.

    ``peer_account`` is the account of the other region's copy, possibly the same one. ARNs are
    literals: a reference from the processor's role to the bucket would close a cycle, and the
    standby's stack may have no table to refer to.
    """

    region: str
    account: str
    peer_account: str
    bucket_suffix: str
    bundle_platform: str

    @property
    def stage(self) -> str:
        return naming.stage(self.region)

    @property
    def peer_region(self) -> str:
        return naming.peer(self.region)

    @property
    def table_arn(self) -> str:
        return naming.table_arn(self.region, self.account)

    @property
    def peer_table_arn(self) -> str:
        return naming.table_arn(self.peer_region, self.peer_account)

    @property
    def large_files_arn(self) -> str:
        return f"arn:aws:states:{self.region}:{self.account}:stateMachine:{naming.LARGE_FILES}"

    @property
    def verification_role_arn(self) -> str:
        return naming.role_arn(naming.verification_role(self.region), self.account)

    @property
    def ingestion_bucket(self) -> str:
        return naming.ingestion_bucket(self.region, self.bucket_suffix)

    @property
    def ingestion_bucket_arn(self) -> str:
        return naming.bucket_arn(self.ingestion_bucket)

    @property
    def ingestion_bucket_arns(self) -> tuple[str, str]:
        """Return the ARNs of both regions' buckets, its own first."""
        peer = naming.ingestion_bucket(self.peer_region, self.bucket_suffix)
        return self.ingestion_bucket_arn, naming.bucket_arn(peer)

    @property
    def access_logs_bucket(self) -> str:
        return naming.access_logs_bucket(self.region, self.bucket_suffix)
