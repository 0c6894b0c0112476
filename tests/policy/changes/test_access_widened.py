import pytest

from naming import PREFIX
from policies.changes.kinds import KINDS, findings
from tests.policy.changes.updates import ROLE, between, reported
from tests.policy.templates import Body, allow, policy, resource

DATA = "arn:aws:s3:::data/*"
BUCKET = f"arn:aws:s3:::{PREFIX}files"
READ = allow("s3:GetObject", DATA)


def limited(operator: str, *values: str, **more: object) -> Body:
    return {**READ, "Condition": {operator: {"aws:SourceArn": list(values)}}, **more}


def widened(before: Body, after: Body) -> list[str]:
    return reported("access-widened", {"P": policy(before)}, {"P": policy(after)})


@pytest.mark.parametrize(
    ("after", "change"),
    [
        (allow(["s3:GetObject", "s3:PutObject"], DATA), f"s3:PutObject@{DATA}"),
        (allow("s3:Get*", DATA), f"s3:Get*@{DATA}"),
        (allow("s3:GetObject", [DATA, "arn:aws:s3:::b"]), "s3:GetObject@arn:aws:s3:::b"),
        (allow("s3:GetObject", "*"), "s3:GetObject@*"),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "NOT iam:*@*"),
        ({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "x"}, "s3:GetObject@NOT x"),
    ],
)
def test_a_new_action_or_resource_is_told_alone(after: Body, change: str) -> None:
    assert widened(READ, after) == [f"P: Allow {change}"]


@pytest.mark.parametrize(
    "after",
    [
        READ,
        allow(["s3:GetObject"], ["arn:aws:s3:::data/*"]),
        allow("S3:getobject", "arn:aws:s3:::data/part/*"),
        limited("ArnLike", "a"),
        {**READ, "Effect": "Deny"},
    ],
)
def test_the_same_or_less_is_no_danger(after: Body) -> None:
    assert widened(READ, after) == []


@pytest.mark.parametrize("wide", ["s3:*", "s3:Get*", "s3:GetObjec?", "*"])
def test_a_wildcard_covers_what_it_matches(wide: str) -> None:
    assert widened(allow(wide, "*"), READ) == []


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("s3:Get?", "s3:Get*"),
        ("s3:GetObject", "s3:Get*"),
        ("s3.Get", "s3:Get"),
        ("s3:[G]x", "s3:Gx"),
    ],
)
def test_a_wildcard_covers_no_more_than_iam_says(wide: str, narrow: str) -> None:
    assert widened(allow(wide, "*"), allow(narrow, "*")) == [f"P: Allow {narrow}@*"]


def test_all_but_less_is_more() -> None:
    before, after = (
        {"Effect": "Allow", "NotAction": action, "Resource": "*"} for action in ("s3:*", "s3:Get*")
    )

    assert widened(before, after) == ["P: Allow NOT s3:Get*@*"]


@pytest.mark.parametrize(
    ("before", "after", "wider"),
    [
        (limited("ArnLike", "a"), READ, True),
        (limited("ArnLike", "a"), limited("ArnLike", "a", "b"), True),
        (limited("ArnLike", "a", "b"), limited("ArnLike", "b"), False),
        (limited("ArnLike", "a"), limited("StringLike", "a"), True),
        (limited("StringNotLike", "a", "b"), limited("StringNotLike", "a"), True),
        (limited("StringNotLike", "a"), limited("StringNotLike", "a", "b"), False),
        (limited("ForAllValues:StringNotLike", "a"), limited("ForAllValues:StringNotLike"), True),
    ],
)
def test_a_condition_less_or_laxer_is_told(before: Body, after: Body, *, wider: bool) -> None:
    assert bool(widened(before, after)) is wider


def test_a_condition_stands_in_the_change() -> None:
    assert widened(READ, limited("StringEquals", "b", "a", Resource="*")) == [
        "P: Allow s3:GetObject@* if StringEquals aws:SourceArn=a,b"
    ]


def test_a_statement_that_moves_to_another_policy_of_its_role_is_no_danger() -> None:
    assert reported("access-widened", {"P": policy(READ)}, {"Q": policy(READ)}) == []
    assert reported("access-widened", {"P": policy(READ)}, {"Q": policy(READ, role="Other")})


def test_inline_policies_of_a_role_count() -> None:
    inline = resource(ROLE, Policies=[{"PolicyDocument": {"Statement": READ}}])

    assert reported("access-widened", {"Role": resource(ROLE)}, {"Role": inline}) == [
        "Role: Allow s3:GetObject@arn:aws:s3:::data/*"
    ]


def test_a_managed_policy_more_is_told() -> None:
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    after = {"Role": resource(ROLE, ManagedPolicyArns=[arn])}

    assert reported("access-widened", {"Role": resource(ROLE)}, after) == [
        f"Role: Allow ManagedPolicyArns@{arn}"
    ]


@pytest.mark.parametrize(
    ("principal", "spelt"),
    [
        ("*", "*"),
        ({"AWS": "*"}, "*"),
        ({"AWS": ["arn:x"]}, "AWS:arn:x"),
        ({"Service": ["a", "b"]}, "Service:b"),
    ],
)
def test_another_principal_that_may_assume_a_role_is_told(principal: object, spelt: str) -> None:
    before, after = (
        resource(
            ROLE,
            AssumeRolePolicyDocument={
                "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": who}]
            },
        )
        for who in ({"Service": "a"}, principal)
    )

    assert reported("access-widened", {"R": before}, {"R": after}) == [
        f"R: Allow {spelt} sts:AssumeRole"
    ]


def test_a_policy_deep_in_a_resource_counts() -> None:
    document = {"PolicyDocument": {"Statement": [{**READ, "Principal": "*"}]}}
    table = resource("AWS::DynamoDB::GlobalTable", Replicas=[{"ResourcePolicy": document}])

    assert reported("access-widened", {}, {"T": table}) == [
        "T: Allow * s3:GetObject@arn:aws:s3:::data/*"
    ]


def test_a_function_that_others_may_invoke_is_told() -> None:
    def permission(**limits: str) -> Body:
        who = {"Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com"}
        return resource("AWS::Lambda::Permission", FunctionName={"Ref": "F"}, **who, **limits)

    narrow, wide = permission(SourceArn="a"), permission()

    assert reported("access-widened", {"P": narrow}, {"P": wide}) == [
        "P: Allow s3.amazonaws.com lambda:InvokeFunction@<F>"
    ]
    assert reported("access-widened", {"P": wide}, {"P": narrow}) == []


def test_what_all_producers_get_is_told_once_but_each_ones_new_folder_by_itself() -> None:
    def policies(action: str, **folders: str) -> dict[str, Body]:
        return {
            name: resource(
                "AWS::IAM::ManagedPolicy",
                Description=f"Lets {name} put files below its folder",
                PolicyDocument={"Statement": allow(action, f"{BUCKET}/{folder}*")},
            )
            for name, folder in folders.items()
        }

    def told(before: dict[str, Body], after: dict[str, Body]) -> list[str]:
        return [each.rule for each in findings(between(before, after))]

    put, more = policies("s3:PutObject", a="x/", b="y/"), policies("s3:*", a="x/", b="y/")

    assert told(put, more) == [f"access-widened[Allow s3:*@{BUCKET}/{{folder}}*]"] * 2
    assert told({}, put) == [f"access-widened[Allow s3:PutObject@{BUCKET}/{e}/*]" for e in "xy"]
    [moved] = told(put, policies("s3:PutObject", a="z/", b="y/"))
    assert moved == f"access-widened[Allow s3:PutObject@{BUCKET}/z/*]"


def test_a_policy_that_a_group_gets_as_well_is_told_with_its_name() -> None:
    def managed(**to: object) -> Body:
        document = {"Statement": [READ]}
        return resource("AWS::IAM::ManagedPolicy", PolicyDocument=document, Roles=["a"], **to)

    pair = between({"P": managed()}, {"P": managed(Groups=["developers"])})
    [found] = KINDS["access-widened"].check(pair)

    assert found.message.endswith("or under fewer conditions, to developers")
