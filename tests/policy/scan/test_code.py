"""The code of functions and app does what is listed for its place; see attacks/families/code*."""

import tomllib
from pathlib import Path

import pytest

from policies.command_line import Undetermined
from policies.finding import Finding
from policies.scan import code

ROOT = Path(__file__).resolve().parents[3]
FILE = "services/processor/runtime/rows.py"


def found(tree: Path, source: str, file: str = FILE) -> list[Finding]:
    (tree / file).parent.mkdir(parents=True, exist_ok=True)
    (tree / file).write_text(source)
    return [*code.find(tree, ROOT)]


@pytest.mark.parametrize("tool", code.FILES)
def test_the_code_does_what_is_listed_and_all_that_is_listed(tool: str) -> None:
    assert [*code.find(ROOT, tool=tool)] == []


@pytest.mark.parametrize("file", code.FILES.values())
def test_every_place_that_is_listed_is_there(file: str) -> None:
    rows = tomllib.loads((code.LISTS / file).read_text())["allowed"]

    places = {place for row in rows for place in row["places"]}

    assert {place for place in places if not any(ROOT.glob(place))} == set()


def test_a_finding_says_what_where_why_and_what_to_do(tmp_path: Path) -> None:
    [_, finding] = found(tmp_path, "import socket\n\n\nsocket.socket()\n")

    assert (finding.rule, finding.path) == ("code-connection[socket.socket]", FILE)
    assert finding.source == f"{FILE}:4"
    assert finding.message.startswith("socket.socket is not allowed here: records could be sent")
    assert "policies/declared/function_code.toml" in finding.remedy


def test_a_construct_that_reads_the_environment_is_told_where_settings_come_from(
    tmp_path: Path,
) -> None:
    file = "stages/tap_stack.py"
    (tmp_path / "stages").mkdir()
    (tmp_path / file).write_text("import os\n\nDAYS = os.environ['DAYS']\n")

    [_, finding] = code.find(tmp_path, ROOT, code.APP)

    assert (finding.rule, finding.path) == ("app-acts[os.environ]", file)
    assert finding.source == f"{file}:3"
    assert "what is tested would not be what is deployed" in finding.message
    assert "cdk.json, which stages/settings.py reads" in finding.remedy


@pytest.mark.parametrize(
    "source",
    [
        "import json\nfrom datetime import datetime\njson.loads('1')\ndatetime(2026, 1, 1)\n",
        "import itertools\nlist(itertools.chain([1], [2]))\n",
        "import statistics\nstatistics.mean([1])\n",
        "from services.processor.runtime.keys import StatusIndex\n",
        '"""It opens (no) socket, and https://example.org is only written about."""\n',
        "class Row:\n    id: str\n    input: str\n    open: bool\n",
        "def read(file):\n    return file.open(1, 'Address of the buyer (if it is known)')\n",
        "class A:\n    __slots__ = ('x',)\n\n    def __len__(self):\n        return 1\n",
        "from decimal import Context, Decimal\nContext(prec=9).divide(Decimal(1), Decimal(3))\n",
        "class A:\n    _x = 1\n\n    def x(self):\n        return self._x\n",
        "def f():\n    import json\n    return json.loads('1')\n\n\ndef g():\n    import json\n",
    ],
)
def test_what_only_computes_needs_no_row(tmp_path: Path, source: str) -> None:
    assert found(tmp_path, source) == []


def test_a_room_may_do_what_another_may_not(tmp_path: Path) -> None:
    sockets = "import socket\nsocket.socket()\n"

    assert found(tmp_path, sockets, "services/aws_client/channel.py") == []
    [again] = found(tmp_path / "b", f"{sockets}socket.socket()\n", "services/aws_client/channel.py")
    assert again.source.endswith(":3")
    assert found(tmp_path, sockets, "services/aws_client/signature.py")


def test_what_is_listed_and_used_no_longer_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, _, _ = (code.LISTS / code.FILES[code.FUNCTIONS]).read_text().partition("[[allowed]]")
    row = 'why = "w"\nplaces = ["services/processor/*"]\nnames = ["os.getpid"]\n'
    (tmp_path / code.FILES[code.FUNCTIONS]).write_text(f"{known}[[allowed]]\n{row}")
    monkeypatch.setattr(code, "LISTS", tmp_path)
    (tmp_path / FILE).parent.mkdir(parents=True)
    (tmp_path / FILE).write_text("")

    [finding] = code.find(tmp_path)

    assert finding.rule == "code-unused[os.getpid]"


@pytest.mark.parametrize("source", [None, "import\n"])
def test_code_that_was_not_read_is_never_green(tmp_path: Path, source: str | None) -> None:
    if source is not None:
        (tmp_path / FILE).parent.mkdir(parents=True)
        (tmp_path / FILE).write_text(source)

    with pytest.raises(Undetermined):
        [*code.find(tmp_path)]


TELEMETRY = "services/canary/runtime/telemetry.py"


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ('log(extra={"limitSeconds": LIMIT_S})', ["log (LIMIT_S)"]),
        ('log(extra={"version": "v2"})', ["log v2"]),
        ('log(extra={**{"limitSeconds": 1}})', ["log limitSeconds"]),
        ('log(extra=known.get(*{"email": 1}))', ["log email", "log get"]),
        ('log(extra={known.email: 1, "a" + known["b"]: 1})', ["log a", "log b", "log email"]),
    ],
)
def test_what_is_logged_asks_for_its_value_and_not_for_what_it_is_told_as(
    tmp_path: Path, line: str, asks: list[str]
) -> None:
    imports = "from aws_lambda_powertools import Logger\n_logger = Logger()\nlog = _logger.info\n"
    rules = [each.rule for each in found(tmp_path, f"{imports}{line}\n", TELEMETRY)]

    words = (rule[rule.index("[") + 1 : -1] for rule in rules)
    assert sorted(word for word in words if word.startswith("log ")) == asks
