"""Words of what is new that lead people to a stranger."""

from attacks.attack import add
from attacks.variants import joined, told

ATTACKS = joined(
    *(
        told(
            f"a new alarm that sends people to a stranger, {how}",
            add("New", "AWS::CloudWatch::Alarm", AlarmDescription=to, Namespace="a"),
            "leads-elsewhere",
            says="AlarmDescription",
        )
        for how, to in {
            "by a link": "see https://collect.example.org/login",
            "by a bare host": "see collect.example.org/login",
            "by mail": "tell help@collect.example.org",
            "joined of two": {"Fn::Join": ["", ["see https://collect", ".example.org/login"]]},
        }.items()
    ),
)
