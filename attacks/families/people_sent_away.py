"""Words of what is new that lead people to a stranger."""

from attacks.attack import add
from attacks.variants import attacks

ATTACKS = attacks(
    "a new alarm that sends people to a stranger",
    {
        "by a link": "see https://collect.example.org/login",
        "by a bare host": "see collect.example.org/login",
        "by mail": "tell help@collect.example.org",
        "joined of two": {"Fn::Join": ["", ["see https://collect", ".example.org/login"]]},
    },
    lambda to: add("New", "AWS::CloudWatch::Alarm", AlarmDescription=to, Namespace="a"),
    by="leads-elsewhere",
    says="AlarmDescription",
)
