"""An edit of a construct asks for nothing where templates show all that it does."""

from collections.abc import Mapping

import pytest

from policies.changes import documents, guards
from policies.changes.comparison import Base, compare
from policies.changes.constructs import is_shown
from tests.policy.changes.updates import SPEC
from tests.policy.templates import Body, resource, stack

MADE = """\
from aws_cdk import F
def f(days, lines):
    kept = Duration.days(days)
    self.kept = kept
    Fn(self, "F", memory_size=128, age=kept)
    Alarm(self, f"On {days}", points=[1, 2], says=lines[days], of={"a": days, "b": lines})
    return kept
"""


@pytest.mark.parametrize(
    ("was", "becomes", "text"),
    [
        ("128", "256", '{"MemorySize": 256}'),
        ("128", "2 * 64 * 1000", '{"MemorySize": 128000}'),
        (
            "age=kept)\n",
            'age=kept)\n    Queue(self, "Q", kept=Duration.days(4))\n',
            '{"Q": {"MessageRetentionPeriod": 345600}}',
        ),
        ("age=kept)\n", 'age=kept)\n    Tags.of(self).add("cost", "42")\n', '"cost": "42"'),
        ("age=kept)\n", 'age=kept)\n    Queue(self, "Q")\n', '{"Q": {}}'),
        ("age=kept)\n", 'age=kept)\n    self._q = Queue(self, "Q")\n', "tap/Q/Resource {}"),
        ('"b": lines', '"b": lines, "Key": naming.KEY', "None ('Outputs', 'Key') {}"),
        ("[1, 2]", '[1, 2, Row(metrics.of("Errors", days))]', '"Errors"'),
    ],
)
def test_values_and_constructs_that_a_template_shows_need_no_row(
    was: str, becomes: str, text: str
) -> None:
    assert is_shown([MADE, MADE.replace(was, becomes)], text)
    assert not is_shown([MADE, MADE.replace(was, becomes)], "")


NEW = """\
from collections.abc import Sequence
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct
TITLE = "Errors"
class Board(Construct):
    kept: Sequence[str]
    def __init__(self, scope: Construct, id_: str, *, reader: Role | None = None) -> None:
        super().__init__(scope, id_)
        self.board = cloudwatch.Dashboard(self, "Board", widgets=[[Widget(title=TITLE)]])
        reader.add_to_policy(Statement(actions=["s3:GetObject"]))
    @property
    def arn(self) -> str:
        return self.board.arn
"""
SHOWN = 'tap/Board/Resource {"title": "Errors", "Action": "s3:GetObject"}'


def test_a_new_construct_of_which_templates_show_all_needs_no_row() -> None:
    assert is_shown(["", NEW], SHOWN)
    assert is_shown(["", ""], "")
    assert not is_shown(["", NEW], "")
    assert not is_shown(["", NEW], SHOWN.replace("s3:GetObject", "s3:PutObject"))


@pytest.mark.parametrize(
    "becomes",
    [
        "if len(readers) > 3: reader.add_to_policy(Statement())",
        "for each in readers: reader.add_to_policy(Statement(each))",
        "[reader.add_to_policy(Statement(each)) for each in readers]",
        "readers and reader.add_to_policy(Statement())",
        "reader.add_to_policy(Statement(readers[3:]))",
        "reader.add_to_policy(Statement(*readers))",
        "reader.add_to_policy(Statement(**rights))",
        "reader.add_to_policy(rights_of(readers))",
        "reader.add_to_policy(Statement() if readers else None)",
        "reader.add_to_policy(lambda: Statement())",
        "reader.add_to_policy(Statement(readers * 2))",
        "self.board.visible = True",
    ],
)
def test_a_new_construct_that_decides_something_needs_a_row(becomes: str) -> None:
    line = 'reader.add_to_policy(Statement(actions=["s3:GetObject"]))'

    assert not is_shown(["", NEW.replace(line, becomes)], SHOWN)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("128", "256"),
        ("days(days)", "days(days % 9)"),
        ("days(days)", "days(min(days, 9))"),
        ("days(days)", "days(clamp(days))"),
        ("days(days)", "days(days if days else 9)"),
        ("days(days)", 'days(days.get("most"))'),
        ("age=kept", "age=other"),
        ("    kept", "    if days: raise ValueError\n    kept"),
        ("days(days)", "days(math.isqrt(days))"),
        ("days(days)", "days(self.at_most(days))"),
        ("days(days)", "hours(days)"),
        ("days(days)", "days(Kept(days).most)"),
        ("    kept =", "    days = 9\n    kept ="),
        ("    Fn(", "    self.kept = Duration.days(9)\n    Fn("),
        ("kept =", "days = Duration.days(9)\n    kept ="),
        ("import F", "import F, Most as Duration"),
        ("import F", "import F\nfrom math import isqrt"),
        ("    Fn(", "    match days:\n        case 9: days = 1\n    Fn("),
        ("    Fn(", "    for days in lines: pass\n    Fn("),
        ("    Fn(", "    kept = lines\n    Fn("),
        ("    Fn(", "    return kept\n    Fn("),
        ("    kept = Duration.days(days)\n", ""),
        ("memory_size=128, age=kept", "memory_size=kept, age=128"),
        ("age=", "ago="),
        (", age=kept", ", age=kept, **lines"),
        (", age=kept", ""),
        ("{days}", "{days!r}"),
        ("{days}", "{lines}"),
        ("[1, 2]", "[2, 1]"),
        ("[1, 2]", "[*lines]"),
        ('"a": days, "b": lines', '"other": kept, "a": kept, "b": days'),
        ('"a": days, "b": lines', '"b": days, "a": lines'),
        ('"b": lines', '"b": lines, **kept'),
        ("lines[days]", "lines[9]"),
        ("def f(days, lines)", "def f(lines, days)"),
        ("def f", "@cache\ndef f"),
        ("def f", "def duration(days): return 9\ndef f"),
    ],
)
def test_what_decides_is_told_beside_whatever_a_template_shows(was: str, becomes: str) -> None:
    assert not is_shown([MADE, MADE.replace(was, becomes)], '{"Tags": ["other", 9, "most"]}')


def test_a_construct_is_told_unless_a_template_differs_by_more_than_code() -> None:
    one, other = ({"code": {"stages/a.py": text}} for text in ("a = 128", "a = 256"))
    texts = documents.document(guards.NAME, one), documents.document(guards.NAME, other)

    def kinds(*resources: Mapping[str, Body]) -> list[str]:
        stacks = [stack(each) for each in resources]
        base = Base(name="base", stacks=stacks[:1], documents=[texts])
        return [each.kind for each in compare(base, stacks[1:], (), SPEC).verdict.findings]

    same, code, memory = (
        {"F": resource("AWS::Lambda::Function", Code={"S3Key": key}, MemorySize=size)}
        for key, size in (("a", 128), ("b", 128), ("a", 256))
    )
    assert kinds(same, same) == ["construct-rewritten"]
    assert kinds(same, code) == ["construct-rewritten", "other-code"]
    assert kinds(same, memory) == []
