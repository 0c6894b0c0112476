from collections.abc import Iterable, Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct

import naming
from services.deployment_target import Target
from stages.accounts import Accounts
from stages.identities.rights import Place, Right, looking, names_of_files, operating


class People(Construct):
    """The operators' and the readers' role, each assumed by exactly those whom a deployer names.

    A role is for every region of its account. If nobody is named, nobody can assume it: the trust
    policy then names the account's root user, whom IAM lets assume no role.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        target: Target,
        accounts: Accounts,
        operators: Sequence[str],
        readers: Sequence[str],
    ) -> None:
        super().__init__(scope, id_)
        places = [Place(each) for each in accounts.operated_with(target)]
        points = accounts.access_points
        look = [right for place in places for right in looking(place, points)]
        names = [right for place in places for right in names_of_files(place)]
        operate = [right for place in places for right in operating(place, points)]
        self.operator = self._role(
            "Operator", naming.operator_role(target.region), operators, target, [*look, *operate]
        )
        self.reader = self._role(
            "Reader", naming.reader_role(target.region), readers, target, [*look, *names]
        )

    def _role(
        self, id_: str, name: str, people: Sequence[str], target: Target, rights: Iterable[Right]
    ) -> iam.Role:
        accounts = sorted({arn.split(":")[4] for arn in people} or {target.account})
        named = list(people) or [f"arn:aws:iam::{target.account}:root"]
        trusted = iam.CompositePrincipal(*(iam.AccountPrincipal(each) for each in accounts))
        role = iam.Role(
            self,
            id_,
            role_name=name,
            assumed_by=trusted.with_conditions({"ArnEquals": {"aws:PrincipalArn": named}}),
        )
        for right in rights:
            role.add_to_policy(
                iam.PolicyStatement(
                    actions=list(right.actions),
                    resources=list(right.resources),
                    conditions=right.conditions or None,
                )
            )
        return role
