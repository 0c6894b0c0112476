"""One account for both regions, or one for each, and everything that depends on that choice.

The pipeline is in the primary's account; docs/decisions/0012-one-account-or-two.md has the table.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TypeAlias

from aws_cdk import aws_iam as iam
from constructs import Construct

import naming
from services.deployment_target import Target
from stages import targets
from stages.settings import Settings
from stages.storage.access_point import AccessPoint, admitted
from stages.storage.table_one_account import RecordsReplica, RecordsTable
from stages.storage.table_two_accounts import AccountReplica, SourceTable

Table: TypeAlias = RecordsTable | RecordsReplica | SourceTable | AccountReplica


@dataclass(frozen=True, slots=True)
class Accounts(ABC):
    """Both regions' targets and the accounts they are in."""

    primary: Target
    standby: Target

    @staticmethod
    def of(settings: Settings) -> "Accounts":
        """Return the implementation for the number of accounts that ``settings`` name."""
        kind = OneAccount if settings.account == settings.standby_account else TwoAccounts
        return kind(targets.primary(settings), targets.standby(settings))

    @property
    def local(self) -> tuple[Target, ...]:
        """Return the targets in the pipeline's own account, the primary first."""
        return tuple(each for each in (self.primary, self.standby) if each not in self.foreign)

    @property
    def access_points(self) -> str:
        """Return the ARN of every access point over both buckets: the alias is not known before."""
        return f"arn:aws:s3::{self.standby.account}:accesspoint/*"

    @property
    @abstractmethod
    def foreign(self) -> tuple[Target, ...]:
        """Return the targets that the pipeline reaches only through roles of another account."""

    @abstractmethod
    def table(self, scope: Construct, id_: str, target: Target, *, rows_expire: bool) -> Table:
        """Make the target's part of the global table.

        A replica takes over from the primary's table whether rows expire.
        """

    @abstractmethod
    def readable_tables(self, target: Target) -> list[str]:
        """Return the ARNs of the tables that the target's verification and canary may read."""

    @abstractmethod
    def trusted_verifiers(self, target: Target) -> list[str]:
        """Return the ARNs of the builds' roles that may assume the target's verification role."""

    @abstractmethod
    def peer_verification_role(self, target: Target) -> str | None:
        """Return the ARN of the role that reads the peer's table when the target is verified.

        ``None`` if the peer is not read.
        """

    def access_point(
        self, scope: Construct, id_: str, target: Target, *, bucket: Construct
    ) -> AccessPoint | None:
        """Make the access point over both buckets in the standby's stack, and in no other.

        It is made after the stack's own ``bucket``; the primary's is there before.
        """
        if target != self.standby:
            return None
        made = AccessPoint(scope, id_, owner=target, targets=(self.primary, self.standby))
        made.node.add_dependency(bucket)
        return made

    @abstractmethod
    def admitted_through_access_point(self, target: Target) -> list[iam.PolicyStatement]:
        """Return what the policy of the target's bucket says of requests through the access point.

        Empty if the policies of the producers decide alone.
        """

    @abstractmethod
    def operated_with(self, target: Target) -> tuple[Target, ...]:
        """Return the targets that people's roles of this one may work on, itself first."""

    def assume_foreign(self, purpose: str) -> list[iam.PolicyStatement]:
        """Allow assuming the bootstrap's ``purpose`` role in every foreign target.

        Empty when there is none: IAM accepts no statement without a resource.
        """
        roles = [
            naming.bootstrap_role_arn(purpose, each.region, each.account) for each in self.foreign
        ]
        return [iam.PolicyStatement(actions=["sts:AssumeRole"], resources=roles)] if roles else []

    def _verifier(self, target: Target) -> str:
        return naming.role_arn(naming.verifier_role(target.region), self.primary.account)


class OneAccount(Accounts):
    """Both regions in one account: one table resource, and a role may read both replicas."""

    @property
    def foreign(self) -> tuple[Target, ...]:
        return ()

    def table(
        self, scope: Construct, id_: str, target: Target, *, rows_expire: bool
    ) -> RecordsTable | RecordsReplica:
        if target == self.primary:
            return RecordsTable(scope, id_, target=target, rows_expire=rows_expire)
        return RecordsReplica(scope, id_, target=target)

    def readable_tables(self, target: Target) -> list[str]:
        return [target.table_arn, target.peer_table_arn]

    def trusted_verifiers(self, target: Target) -> list[str]:
        return [self._verifier(target)]

    def peer_verification_role(self, target: Target) -> str:
        return target.verification_role_arn

    def admitted_through_access_point(self, target: Target) -> list[iam.PolicyStatement]:  # noqa: ARG002
        return []

    def operated_with(self, target: Target) -> tuple[Target, ...]:
        return tuple(sorted((self.primary, self.standby), key=lambda each: each != target))


class TwoAccounts(Accounts):
    """The standby in an account of its own: a table in each, read by its own region's role.

    The primary is deployed and verified before the standby's replica exists, so its verification
    does not read the peer; the standby's verification reads both.
    """

    @property
    def foreign(self) -> tuple[Target, ...]:
        return (self.standby,)

    def table(
        self, scope: Construct, id_: str, target: Target, *, rows_expire: bool
    ) -> SourceTable | AccountReplica:
        if target == self.primary:
            return SourceTable(scope, id_, target=target, rows_expire=rows_expire)
        return AccountReplica(scope, id_, target=target)

    def readable_tables(self, target: Target) -> list[str]:
        return [target.table_arn]

    def trusted_verifiers(self, target: Target) -> list[str]:
        trusted = (self.primary, self.standby) if target == self.primary else (self.standby,)
        return [self._verifier(each) for each in trusted]

    def peer_verification_role(self, target: Target) -> str | None:
        return self.primary.verification_role_arn if target == self.standby else None

    def admitted_through_access_point(self, target: Target) -> list[iam.PolicyStatement]:
        return [admitted(target.ingestion_bucket_arn, (self.primary, self.standby))]

    def operated_with(self, target: Target) -> tuple[Target, ...]:
        return (target,)
