"""What a contract makes of the rows that people send: another record, none, or not always one."""

from attacks.attack import Attack, Plant, both, delete, replace

CONTRACT = "services/processor/runtime/contracts/canary.py"
MADE = '"canary": canary.canary'
RAISED = replace(CONTRACT, "version=2", "version=3")


def _made(value: str) -> Plant:
    """Make the name of a record of another value."""
    return replace(CONTRACT, MADE, f'"canary": {value}')


ATTACKS = (
    Attack(
        "other names by the same version",
        _made("canary.canary.upper()"),
        by="data/contract-version-not-raised",
        says="set version = 3 in services/processor/runtime/contracts/canary.py",
    ),
    Attack(
        "names that differ from day to day",
        both(RAISED, _made('canary.canary + str(hash("a"))')),
        by="data/not-deterministic",
        says="the same row gives different results",
    ),
    Attack(
        "a name that nobody thought of",
        both(RAISED, _made('{"primary": "p"}[canary.canary]')),
        by="data/contract-fails",
        says="KeyError",
    ),
    Attack(
        "a pattern that a name can make try for minutes",
        replace(CONTRACT, "[A-Za-z0-9-]+$", "([A-Za-z0-9-]+)+$"),
        by="data/pattern-not-linear",
        says="hold the function",
    ),
    Attack(
        "records by the time",
        both(RAISED, replace(CONTRACT, 'key=("canary",)', 'key=("putAt",)')),
        by="data/key-changed",
        says="second record",
    ),
    Attack(
        "a field by another name",
        both(RAISED, replace(CONTRACT, "putAt", "at")),
        by="data/breaks-listeners",
        says="putAt is now at",
    ),
    Attack("a contract that is gone", delete(CONTRACT), by="data/dataset-removed"),
    Attack(
        "names that are refused from now on",
        both(RAISED, replace(CONTRACT, "max_length=60", "max_length=7")),
        by="data/rows-refused",
        says="loses them from the next file on",
    ),
    Attack(
        "a long name cut short",
        _made("canary.canary[:3000]"),
        by="contract-rewritten",
        says="canary.canary[:3000]",
    ),
)
