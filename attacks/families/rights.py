"""Rights given to others, or on what is not the product's: by policy, trust or boundary."""

import json

from attacks import variants
from attacks.attack import PIPELINE, PRIMARY, STANDBY, Attack, Plant, append, drop, put

ROLE, MACHINE = "Processor/Service/Role", "LargeFiles/Role"
POLICY, OPERATOR = f"{ROLE}/DefaultPolicy", "People/Operator/DefaultPolicy"
SELF_MUTATION = "Pipeline/UpdatePipeline/SelfMutation/Role/DefaultPolicy"
TRUST = "Properties.AssumeRolePolicyDocument.Statement.0"
STATEMENT = "Properties.PolicyDocument.Statement"
OURS = "arn:aws:iam::000000000000:role/serverless-other-prod"
TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/serverless-{}"
ACCOUNT = {"aws:SourceAccount": "000000000000"}
BOUND, TRUSTED = "Project-bounded", "Project-declared-trust"
# What stands where a condition was: others are trusted as well.
LOOSER: dict[str, object] = {
    "none": {},
    "one like it": {"StringLike": ACCOUNT},
    "one in any case": {"StringEqualsIgnoreCase": ACCOUNT},
    "one if it is there": {"StringEqualsIfExists": ACCOUNT},
    "any of several": {"ForAnyValue:StringEquals": ACCOUNT},
    "all of none": {"ForAllValues:StringEquals": ACCOUNT},
    "another key": {"StringEquals": {"aws:PrincipalAccount": "000000000000"}},
    "an organisation": {"StringEquals": {"aws:PrincipalOrgID": "o-mine"}},
    "a wildcard": {"StringEquals": {"aws:SourceAccount": "*"}},
    "its opposite": {"StringNotEquals": ACCOUNT},
    "how it is sent": {"Bool": {"aws:SecureTransport": "true"}},
}
OTHERS: dict[str, object] = {
    "a role of this account": {"AWS": OURS},
    "this account": {"AWS": "000000000000"},
    "a user of S3": {
        "CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
    },
    "whom Google knows": {"Federated": "accounts.google.com"},
    "a provider of this account": {"Federated": "arn:aws:iam::000000000000:saml-provider/mine"},
    "another service": {"Service": "ec2.amazonaws.com"},
    "another service beside": {"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]},
    "a role beside": {"Service": "lambda.amazonaws.com", "AWS": OURS},
}
DOING = {
    "as somebody from the web": "sts:AssumeRoleWithWebIdentity",
    "with any call": "sts:*",
    "with tags": ["sts:AssumeRole", "sts:TagSession"],
}
BOUNDARIES: dict[str, object] = {
    "none": None,
    "administrators'": "arn:aws:iam::aws:policy/AdministratorAccess",
    "one of its own": {"Ref": "Planted"},
    "a name like it": "arn:aws:iam::000000000000:policy/serverless-boundary-prod2",
    "on a condition": variants.on_condition(
        "arn:aws:iam::000000000000:policy/serverless-boundary-prod"
    ),
}
# Of whom, in the pipeline and in a region.
BOUNDED = (
    *((each, PRIMARY) for each in (ROLE, MACHINE, "Canary/ScheduleRole", "People/Reader")),
    *((each, PIPELINE) for each in ("Pipeline/Pipeline/Role", "Verifier-us-east-1")),
    ("Table/LookupRole", STANDBY),
)
WRITES = {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:PutItem"]}
TO_EC2 = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "ec2.amazonaws.com"},
}
DOCUMENT = "Properties.AssumeRolePolicyDocument"
NOTATIONS: dict[str, object] = {
    "without a list": {"Statement": TO_EC2},
    "as a text": json.dumps({"Statement": [TO_EC2]}),
    "as a text that is substituted": {"Fn::Sub": json.dumps({"Statement": TO_EC2})},
    "of several parts": {"Fn::Join": ["", ['{"Statement": ', json.dumps(TO_EC2), "}"]]},
}
ELSEWHERE: dict[str, object] = {
    "another table": TABLE.format("other-prod"),
    "the scratch table": TABLE.format("restore-check-prod"),
    "tables that begin alike": TABLE.format("processed-data-*"),
    "its indexes as well": [
        TABLE.format("processed-data-prod"),
        TABLE.format("processed-data-prod/index/*"),
    ],
    "any table of one letter more": TABLE.format("processed-data-pro?"),
    "its copy in the other region": TABLE.format("processed-data-prod").replace("east-1", "west-2"),
}


def _trust(path: str, value: object, role: str = ROLE) -> Plant:
    return put(role, f"{TRUST}{path}", value, stacks=[PRIMARY])


def _boundaries(role: str, stack: str) -> tuple[Attack, ...]:
    return variants.attacks(
        f"{role} with another boundary",
        BOUNDARIES,
        lambda value: put(role, "Properties.PermissionsBoundary", value, stacks=[stack]),
        by=BOUND,
    )


ATTACKS = (
    *variants.attacks(
        "a role whose trust has another condition",
        LOOSER,
        lambda value: _trust(".Condition", value, MACHINE),
        by=TRUSTED,
        says="states.amazonaws.com",
    ),
    *variants.attacks(
        "a role that trusts",
        OTHERS,
        lambda value: _trust(".Principal", value),
        by=TRUSTED,
        says="lambda.amazonaws.com is declared",
    ),
    *variants.attacks(
        "a role that is assumed", DOING, lambda value: _trust(".Action", value), by=TRUSTED
    ),
    Attack(
        "a role whose second statement trusts another",
        append(
            ROLE,
            "Properties.AssumeRolePolicyDocument.Statement",
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": OURS}},
            stacks=[PRIMARY],
        ),
        by=TRUSTED,
    ),
    *variants.joined(*(_boundaries(role, stack) for role, stack in BOUNDED)),
    Attack(
        "a function with a role from elsewhere",
        put("Processor/Service/Function", "Properties.Role", OURS),
        by=BOUND,
    ),
    Attack(
        "a build with a role from elsewhere",
        put("Pipeline/Assets/FileAsset", "Properties.ServiceRole", OURS, stacks=[PIPELINE]),
        by=BOUND,
    ),
    Attack(
        "a function with another function's role",
        put(
            "Canary/Service/Function",
            "Properties.Role",
            {"Fn::GetAtt": ["ProcessorServiceRoleF0F57EC1", "Arn"]},
        ),
        by="other-role",
    ),
    *variants.attacks(
        "a declared action on",
        ELSEWHERE,
        lambda value: put(POLICY, f"{STATEMENT}.2.Resource", value, stacks=[PRIMARY]),
        by="access-widened",
        says="serverless-",
    ),
    *variants.attacks(
        "a bucket that a service may write to on another condition",
        LOOSER,
        lambda value: put(
            "Ingestion/AccessLogs/Policy", f"{STATEMENT}.1.Condition", value, stacks=[PRIMARY]
        ),
        by="access-widened",
        says="s3:PutObject",
    ),
    Attack(
        "an operator's right without the condition that its acceptance relies on",
        drop(OPERATOR, f"{STATEMENT}.14.Condition", stacks=[PRIMARY]),
        by="Project-no-wildcard-resources",
        says="event-source-mapping:*",
    ),
    Attack(
        "a self-mutation that may assume any role",
        drop(SELF_MUTATION, f"{STATEMENT}.3.Condition", stacks=[PIPELINE]),
        by="Project-no-wildcard-resources",
        says="role/*",
    ),
    Attack(
        "a pipeline that may use any key",
        drop("Pipeline/Pipeline/Role/DefaultPolicy", f"{STATEMENT}.8", stacks=[PIPELINE]),
        by="Project-no-wildcard-resources",
        says="kms:Decrypt",
    ),
    Attack(
        "a session of half a day",
        put("People/Operator", "Properties.MaxSessionDuration", 43200),
        by="session-length",
    ),
    *variants.attacks(
        "a declared action on all but",
        variants.texts(TABLE.format("other-prod"), TABLE.format("scratch-prod")),
        lambda value: put(POLICY, f"{STATEMENT}.2", {**WRITES, "NotResource": value}),
        by="Project-no-wildcard-resources",
    ),
    *(
        Attack(f"a trust that is written {how}", put(ROLE, DOCUMENT, value), by=TRUSTED)
        for how, value in NOTATIONS.items()
    ),
)
