"""Whether the account is bootstrapped as this commit needs it, and not with more.

CloudFormation deploys with whatever is attached to the execution role, so that is compared, not
what the bootstrap was once told. A policy is what IAM has as its default version.
"""

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

import naming
from ops.preflight.look import Look
from ops.preflight.plan import Plan, Site
from ops.status.lines import Answer, attention, ok

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
# What the CDK writes into the templates of the assembly asks for the same.
VERSION = f"/cdk-bootstrap/{naming.BOOTSTRAP_QUALIFIER}/version"
WRITE_POLICIES = "make bootstrap-policies"


def policies(look: Look, plan: Plan, site: Site) -> list[Answer]:
    """Return what is wrong with the account's policies and boundary, or that nothing is."""
    wrong = [*_wrong_policies(look, plan, site)]
    same = f"the boundary and {len(_execution(plan))} policies are this commit's"
    return wrong or [ok(same)]


def role(look: Look, plan: Plan, site: Site) -> list[Answer]:
    """Return what is wrong with the bootstrap of a region, or that nothing is."""
    parameter = look.ask(site, "ssm", "get_parameter", Name=VERSION)
    name = f"cdk-{naming.BOOTSTRAP_QUALIFIER}-cfn-exec-role-{site.account}-{site.region}"
    if parameter is None or look.ask(site, "iam", "get_role", RoleName=name) is None:
        return [attention("not bootstrapped", bootstrap_command(look, plan, site))]
    attached = {
        each["PolicyArn"]
        for each in look.pages(
            site, "iam", "list_attached_role_policies", "AttachedPolicies", RoleName=name
        )
    }
    inline = look.pages(site, "iam", "list_role_policies", "PolicyNames", RoleName=name)
    wanted = set(_arns(plan, site))
    then = bootstrap_command(look, plan, site)
    wrong = [
        *(attention(f"CloudFormation has {_short(each)}", then) for each in attached - wanted),
        *(attention(f"CloudFormation lacks {_short(each)}", then) for each in wanted - attached),
        *(
            attention(
                f"CloudFormation's role has a policy of its own, {each}",
                look.command(
                    site, "iam", "delete-role-policy", "--role-name", name, "--policy-name", each
                ),
            )
            for each in inline
        ),
    ]
    version = parameter["Parameter"]["Value"]
    return wrong or [ok(f"version {version}, with the {len(wanted)} policies of this commit")]


def bootstrap_command(look: Look, plan: Plan, site: Site) -> str:
    """Return the command that bootstraps a region, or corrects it."""
    trusted = ("--trust", plan.account, "--trust-for-lookup", plan.account)
    return shlex.join(
        [
            *("cdk", "bootstrap", f"aws://{site.account}/{site.region}"),
            *(trusted if site.account != plan.account else ()),
            *("--cloudformation-execution-policies", ",".join(_arns(plan, site))),
            *look.profile(site.account),
        ]
    )


def _execution(plan: Plan) -> list[str]:
    return [name for name in plan.policies if name != naming.BOUNDARY]


def _arns(plan: Plan, site: Site) -> list[str]:
    return [f"arn:aws:iam::{site.account}:policy/{name}" for name in _execution(plan)]


def _short(arn: str) -> str:
    return "AdministratorAccess" if arn == ADMINISTRATOR else arn.rpartition("/")[2]


def _wrong_policies(look: Look, plan: Plan, site: Site) -> Iterator[Answer]:
    then = "\n".join((WRITE_POLICIES, deploy_command(look, site)))
    for name, made in plan.policies.items():
        arn = f"arn:aws:iam::{site.account}:policy/{name}"
        found = look.ask(site, "iam", "get_policy", PolicyArn=arn)
        if found is None:
            yield attention(f"{name} is missing", then)
            continue
        version = found["Policy"]["DefaultVersionId"]
        answer = look.ask(site, "iam", "get_policy_version", PolicyArn=arn, VersionId=version)
        has = answer["PolicyVersion"]["Document"]
        if _canonical(has) != _canonical(substituted(made, site.account)):
            yield attention(f"{name} is not this commit's", then)


def deploy_command(look: Look, site: Site) -> str:
    """Return the command that makes or updates the policies of an account."""
    return look.command(
        site,
        *("cloudformation", "deploy", "--stack-name", naming.BOOTSTRAP_STACK),
        *("--template-file", "build/bootstrap/bootstrap.template.json"),
        *("--capabilities", "CAPABILITY_NAMED_IAM"),
    )


def substituted(value: Any, account: str) -> Any:
    """Return a template's value as CloudFormation makes it in an account."""
    match value:
        case {"Fn::Sub": str(text)}:
            return text.replace("${AWS::AccountId}", account)
        case Mapping():
            return {key: substituted(part, account) for key, part in value.items()}
        case list() | tuple():
            return [substituted(part, account) for part in value]
    return value


def _canonical(document: Any) -> str:
    return json.dumps(document, sort_keys=True)
