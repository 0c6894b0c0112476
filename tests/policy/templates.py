"""Small templates to judge: what a test is about is in the test, the rest is here."""

from collections.abc import Mapping
from typing import Any

from policies.templates.template import StackTemplate

Body = Mapping[str, Any]


def stack(
    resources: Mapping[str, Body] | None = None,
    *,
    outputs: Mapping[str, Body] | None = None,
    region: str = "us-east-1",
    stage: str = "primary",
    name: str = "serverless-data-ingestion-prod",
    account: str = "111111111111",
    termination_protected: bool = True,
) -> StackTemplate:
    """Stack ``pipeline/<stage>/tap``; a resource's construct path ends in its logical id."""
    resources, outputs = resources or {}, outputs or {}
    path = f"pipeline/{stage}/tap"
    return StackTemplate(
        path=path,
        stage_path=f"pipeline/{stage}",
        name=name,
        region=region,
        account=account,
        termination_protected=termination_protected,
        template={"Resources": resources, "Outputs": outputs},
        paths={id_: f"{path}/{id_}" for id_ in (*resources, *outputs)},
    )


def resource(type_: str, body: Body | None = None, /, **properties: object) -> Body:
    return {"Type": type_, "Properties": properties, **(body or {})}


def policy(*statements: Body, role: str = "Role") -> Body:
    document = {"Statement": list(statements)}
    return resource("AWS::IAM::Policy", PolicyDocument=document, Roles=[{"Ref": role}])


def allow(action: object, on: object) -> Body:
    return {"Effect": "Allow", "Action": action, "Resource": on}
