import pytest

from policies.rules.declared_actions import against
from tests.policy.templates import Body, allow, policy, resource, stack

ROLE = resource("AWS::IAM::Role")
DECLARED = {"tap/Role": {"actions": ["s3:GetObject", "sqs:SendMessage"]}}


def resources(*actions: str) -> dict[str, Body]:
    return {"Role": ROLE, "Policy": policy(allow(list(actions), "arn:aws:s3:::b/*"))}


def test_a_role_that_may_do_exactly_what_is_declared_passes() -> None:
    stacks = [stack(resources("s3:GetObject", "sqs:SendMessage"))]

    assert not list(against(DECLARED, stacks))


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        (
            ["s3:GetObject", "sqs:SendMessage", "s3:PutObject"],
            "more than declared: s3:PutObject; less",
        ),
        (["s3:GetObject"], "less: sqs:SendMessage"),
    ],
)
def test_a_role_that_may_do_more_or_less_is_found(actions: list[str], said: str) -> None:
    [finding] = against(DECLARED, [stack(resources(*actions))])

    assert said in finding.message


def test_what_a_role_may_do_in_the_standby_only_is_declared_for_there() -> None:
    declared = {"tap/Role": {**DECLARED["tap/Role"], "in_standby": ["s3:PutObject"]}}
    usual, wider = (
        ("s3:GetObject", "sqs:SendMessage"),
        ("s3:GetObject", "sqs:SendMessage", "s3:PutObject"),
    )

    def found(primary: tuple[str, ...], standby: tuple[str, ...]) -> list[str]:
        stacks = [stack(resources(*primary)), stack(resources(*standby), stage="standby")]
        return [finding.path for finding in against(declared, stacks)]

    assert found(usual, wider) == []
    assert found(wider, wider) == ["pipeline/primary/tap/Role"]
    assert found(usual, usual) == ["pipeline/standby/tap/Role"]


def test_a_managed_policy_counts_as_an_action_of_its_own() -> None:
    administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
    role = resource("AWS::IAM::Role", ManagedPolicyArns=[administrator])
    stacks = [stack({**resources("s3:GetObject", "sqs:SendMessage"), "Role": role})]

    [finding] = against(DECLARED, stacks)

    assert administrator in finding.message


def test_a_role_that_nobody_declared_is_found() -> None:
    [finding] = against({}, [stack(resources("s3:GetObject"))])

    assert finding.path == "pipeline/primary/tap/Role"
    assert "not declared" in finding.message


def test_a_declaration_without_its_role_is_found() -> None:
    [finding] = against(DECLARED, [stack()])

    assert "the role tap/Role is declared, but no stack has it" in finding.message


NAMED = resource("AWS::IAM::Role", RoleName="serverless-role")
MORE = {"Statement": [allow("s3:PutObject", "arn:aws:s3:::b/*")]}


@pytest.mark.parametrize("to", [{"Ref": "Role"}, "serverless-role"])
@pytest.mark.parametrize(
    ("type_", "attached_to"),
    [("Policy", "Roles"), ("ManagedPolicy", "Roles"), ("RolePolicy", "RoleName")],
)
def test_a_policy_counts_however_it_is_attached(type_: str, attached_to: str, to: object) -> None:
    entry = to if attached_to == "RoleName" else [to]
    more = resource(f"AWS::IAM::{type_}", PolicyDocument=MORE, **{attached_to: entry})
    given = {**resources("s3:GetObject", "sqs:SendMessage"), "Role": NAMED, "More": more}

    [finding] = against(DECLARED, [stack(given)])

    assert "more than declared: s3:PutObject; less" in finding.message


def test_a_policy_of_another_stack_counts_by_the_roles_name_in_the_same_account() -> None:
    more = resource("AWS::IAM::Policy", PolicyDocument=MORE, Roles=["serverless-role"])
    first = stack({**resources("s3:GetObject", "sqs:SendMessage"), "Role": NAMED})

    same, elsewhere = (
        list(against(DECLARED, [first, stack({"M": more}, stage="standby", account=account)]))
        for account in ("111111111111", "222222222222")
    )

    assert [finding.path for finding in same] == ["pipeline/primary/tap/Role"]
    assert [finding.path for finding in elsewhere] == ["pipeline/standby/tap/M"]


@pytest.mark.parametrize(
    ("attached_to", "whom"),
    [
        ({"Roles": ["another"]}, "another"),
        ({"Roles": [{"Ref": "Gone"}]}, "Gone"),
        ({"RoleName": "another"}, "another"),
        ({"Users": ["somebody"]}, "somebody"),
        ({"GroupName": "everybody"}, "everybody"),
    ],
)
def test_a_policy_of_somebody_who_is_not_the_apps_is_found(attached_to: Body, whom: str) -> None:
    stray = resource("AWS::IAM::Policy", PolicyDocument=MORE, **attached_to)

    [finding] = against({}, [stack({"Stray": stray})])

    assert finding.path == "pipeline/primary/tap/Stray"
    assert whom in finding.message
    assert "is not a role of the app" in finding.message


def test_a_user_that_nobody_declared_is_found() -> None:
    user = resource("AWS::IAM::User", Policies=[{"PolicyName": "p", "PolicyDocument": MORE}])

    [finding] = against({}, [stack({"User": user})])

    assert finding.message == "AWS::IAM::User is not declared; it may s3:PutObject"


def test_a_role_of_another_stack_with_the_same_logical_id_is_another_role() -> None:
    exact, more = (
        stack({**resources("s3:GetObject", "sqs:SendMessage", *also), "Role": ROLE}, stage=stage)
        for stage, also in (("primary", ()), ("standby", ("s3:PutObject",)))
    )

    assert [finding.path for finding in against(DECLARED, [exact, more])] == [
        "pipeline/standby/tap/Role"
    ]


def test_a_policy_of_another_role_whose_name_only_begins_alike_is_found() -> None:
    other = {"Fn::Join": ["", [{"Ref": "Role"}, "-of-others"]]}
    more = resource("AWS::IAM::Policy", PolicyDocument=MORE, Roles=[other])
    stacks = [stack({**resources("s3:GetObject", "sqs:SendMessage"), "More": more})]

    [finding] = against(DECLARED, stacks)

    assert "is attached to <Role>-of-others" in finding.message
