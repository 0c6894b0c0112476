"""What the emulator does faster with us it does as it does without us."""

import subprocess

from local.paths import REPOSITORY, cloud_python

# Whole attributes, by name or by another one, their parts, and what is refused.
COMPARE = """
import random, sys
from ministack.services.dynamodb import _project_item as project
sys.path.append(sys.argv[1])
from local.emulator_patches.economies import projecting

PATHS = ("a", " b ", "c", "#x", "#y", "#z", "none", "a.b", "b[0]", "c.d[1]", "#z[1]", "size", "")
NAMES = (None, {}, {"#x": "e", "#y": "a", "#z": "a.b"}, {"#x": "a"})
ITEMS = (
    {},
    {"size": {"N": "2"}, "a.b": {"S": "t"}, "e": {"NULL": True}},
    {
        "a": {"M": {"b": {"S": "1"}}},
        "b": {"L": [{"N": "1"}, {"M": {"q": {"L": []}}}]},
        "c": {"M": {"d": {"L": [{"S": "u"}, {"S": "v"}]}}},
    },
)

def said(project, *asked):
    try:
        return [*project(*asked).items()]
    except ValueError as error:
        return str(error)

faster, chosen = projecting(project), random.Random(1)
for _ in range(20_000):
    expression = ",".join(chosen.choices(PATHS, k=chosen.randint(0, 4)))
    asked = chosen.choice(ITEMS), expression, chosen.choice(NAMES)
    assert said(faster, *asked) == said(project, *asked), asked
"""


def test_a_projection_is_the_one_that_the_emulator_makes_whatever_is_asked_for() -> None:
    done = subprocess.run(
        [cloud_python(), "-P", "-c", COMPARE, REPOSITORY],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
