"""No function has a secret in its environment, where every reader can see it.

A build has only the variables that ``build-shape`` knows. What CloudFormation fills in, and would
make readable, ``plain-templates`` refuses.
"""

import re
from collections.abc import Iterator, Sequence

from policies.finding import Finding, at
from policies.templates.template import StackTemplate, as_text, resources

REMEDY = "keep it in Secrets Manager, from where a function reads it"
SECRET = re.compile("SECRET|TOKEN|PASSW|CREDENTIAL|(API|ACCESS|PRIVATE)_?KEY", re.IGNORECASE)
# The ARN or the name of a secret is not secret.
WHERE = re.compile("_?(ARN|NAME)$", re.IGNORECASE)
GIVEN_AWAY = re.compile("(?<![A-Z0-9])(AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])")


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for function in resources(stacks, "AWS::Lambda::Function"):
        variables = function.properties.get("Environment", {}).get("Variables", {})
        for name, value in variables.items():
            # The value itself stays out of the message, which goes into logs and reports.
            if SECRET.search(name) and not WHERE.search(name):
                yield at(function, f"{name} is a secret by its name", exact=name)
            elif GIVEN_AWAY.search(as_text(value)):
                yield at(function, f"{name} is a secret by its value", exact=name)
