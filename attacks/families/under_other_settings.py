"""What a construct does only where a setting is another one than in ``cdk.json``."""

from attacks.attack import Attack, Plant, put, say
from policies.app import UNDER


def _elsewhere(what: str, plant: Plant, by: str) -> Attack:
    return Attack(what, plant, by=by, says=UNDER, elsewhere=True)


ATTACKS = (
    _elsewhere(
        "a topic that anybody may publish to once there is an address for alarms",
        say("Alerts/Topic/Policy", {"Principal": "*", "Action": "sns:Publish"}),
        "access-widened",
    ),
    _elsewhere(
        "an alarm that looks away where buckets have a suffix",
        put("Watch/processor-errors", "Properties.ActionsEnabled", value=False),
        "alarm-changed",
    ),
    _elsewhere(
        "files that go sooner than their days",
        put("Ingestion/Bucket", "Properties.LifecycleConfiguration.Rules.0.ExpirationInDays", 1),
        "expiry-added",
    ),
)
