"""The product as it works: what is read, how fast, and how long it is kept until it is read."""

from policies.changes.change_class import Hazard

MAPPING = "AWS::Lambda::EventSourceMapping"

HAZARDS = (
    Hazard(
        name="mapping-switched",
        why="a mapping that is off reads nothing, and one that is on beside another reads twice",
        where=r"Properties\.Enabled",
        types=(MAPPING,),
        remedy="leave it to the operator's commands, which look at the other region first",
    ),
)
