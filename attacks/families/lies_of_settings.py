"""Ways to make a gate lie: the other settings, under which it looks at the app as well."""

from attacks.attack import extend, replace
from attacks.variants import joined, told

OTHERS, BY = "policies/declared/other_settings.toml", "declaration-widened"
RANGES = 'rangesAtOnce = ["8", "20"]\n'

ATTACKS = joined(
    told(
        "a setting without its other text",
        replace(OTHERS, '"on-call@example.com"', ""),
        BY,
        says=f"{OTHERS}:8\nthe gates look at the app with each value that is listed; without this",
    ),
    told(
        "a setting without its other list",
        replace(OTHERS, ', ["arn:aws:iam::111122223333:user/support/ann"]]', "]"),
        BY,
        says='readers.["arn:aws:iam::111122223333:user/support/ann"]  -> nothing',
    ),
    told(
        "a setting that is gone, with both of its values",
        replace(OTHERS, RANGES, ""),
        BY,
        says="values.rangesAtOnce 8, 20 -> nothing",
    ),
    told(
        "a setting with two values of which none switches anything on",
        replace(OTHERS, RANGES, f'{RANGES}more = ["a", "b"]\n'),
        BY,
        says="what none of a setting's values switches on, they don't see",
    ),
    told(
        "a finding that is asked of a deployer",
        extend(OTHERS, 'Project-retained = ["a"]\n'),
        BY,
        says="leave out of what they find there",
    ),
)
