"""Of a page, what people run or paste is compared, wherever in it that stands, or each word."""

from pathlib import Path

import click
import pytest

from ops.cli import ops
from policies.changes import guards, pages
from policies.changes.kinds import findings
from policies.changes.update import update
from policies.finding import Finding
from tests.policy.changes.updates import SPEC

ROOT = Path(__file__).resolve().parents[3]
PAGE = """# A page

Run `ops status` first,
or `ops
  items FAILED`; `naming.py` has names, and `make test` runs tests.

```sh
aws s3 ls     # looks
```

> ~~~
> cdk diff
> ~~~

```mermaid
drawn-->too
```
"""


def shown(text: str) -> list[tuple[int, str]]:
    return [*pages.said(text, pages.SHOWN)]


def test_each_line_that_is_shown_is_known_by_its_number() -> None:
    assert shown(PAGE) == [
        (3, "ops status"),
        (4, "ops items FAILED"),
        (7, "    ```sh"),
        (8, "    aws s3 ls # looks"),
        (11, "    ```"),
        (12, "    > cdk diff"),
        (15, "    ```mermaid"),
        (16, "    drawn-->too"),
    ]


@pytest.mark.parametrize(
    "more",
    [
        *("    rm x", "\trm x", "<pre>rm x", "<!-- `a`", "```\nrm x", "~~~~\n```\nrm x\n```\n"),
        *(
            "`A=b aws s3 ls`",
            "`cd a && ops b`",
            "`.venv/bin/ops b`",
            "`rm x`",
            "`$ rm x`",
            "`arn:aws:iam::1:root`",
            "`iam:PassRole`",
            "``rm x``",
            "See [it](https://a.example/b).",
        ),
    ],
)
def test_what_is_written_in_another_way_is_shown_as_well(more: str) -> None:
    assert len(shown(f"{PAGE}\n{more}\n")) > len(shown(PAGE))


@pytest.mark.parametrize("more", ["Run it.", "`a.py`", "` `", "`a\n\nops b`", "# Two", "1 < 2"])
def test_prose_is_not(more: str) -> None:
    assert shown(f"{PAGE}\n{more}\n") == shown(PAGE)


def test_every_command_of_a_page_that_is_run_by_a_test_is_shown() -> None:
    text = (ROOT / "docs/runbooks/us-east-1-is-lost.md").read_text()

    blocks = text.split("```")[1::2]
    lines = [" ".join(each.split()) for block in blocks for each in block.splitlines()[1:]]
    assert {f"    {each}" for each in lines if each} <= {each for _, each in shown(text)}


def test_what_only_looks_like_the_end_of_a_block_is_a_line_of_it() -> None:
    text = "```sh\na\n```sh\nrm x\n```\n"

    assert [each.strip() for _, each in shown(text)] == ["```sh", "a", "```sh", "rm x"]


RUNBOOK, RUNBOOKS = "docs/runbooks/a.md", "docs/runbooks/README.md"
STEPS = """# a

**Do:** Wait until the stream
has caught up. Then fail back, as
[b](b.md) says.

1. Stop it.
2. Start it: `ops status`.

| alarm | means |
|---|---|
| a | late |
"""


def told(folder: Path, file: str, before: str, after: str, *, new: bool = False) -> list[Finding]:
    (path := folder / file).parent.mkdir(parents=True, exist_ok=True)
    if not new:
        path.write_text(before)
    base = guards.here(folder)
    path.write_text(after)
    return findings(update(base, guards.here(folder), SPEC))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("Wait until the stream\nhas caught up", "Don't wait for the\nstream", 3),
        ("[b](b.md)", "[b](c.md)", 4),
        ("1. Stop it.\n2. Start it: `ops status`.", "1. Start it: `ops status`.\n2. Stop it.", 7),
        ("| a | late |", "| a | early |", 12),
        ("1. Stop it.\n", "", 7),
        ("as\n[b](b.md) says.", "as\n[b](b.md) says. Or don't.", 5),
    ],
)
def test_a_word_of_a_page_that_people_follow_is_told_once_where_it_differs(
    old: str, new: str, line: int, tmp_path: Path
) -> None:
    [found] = told(tmp_path, RUNBOOK, STEPS, STEPS.replace(old, new))

    assert (found.kind, found.source) == ("instruction-changed", f"{RUNBOOK}:{line}")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("the stream\nhas caught up. Then", "the stream has caught\nup.\nThen"),
        ("**Do:** Wait", "*Do:*  __Wait__"),
        ("\n\n1.", "\n\n\n1."),
    ],
)
def test_another_layout_of_a_page_that_people_follow_is_not(
    old: str, new: str, tmp_path: Path
) -> None:
    assert told(tmp_path, RUNBOOK, STEPS, STEPS.replace(old, new)) == []


@pytest.mark.parametrize(
    "file",
    [
        *("README.md", ".github/CONTRIBUTING.md", "docs/a.md"),
        *("docs/decisions/1.md", "docs/benchmarks/README.md"),
    ],
)
def test_prose_is_told_of_each_page(file: str, tmp_path: Path) -> None:
    [found] = told(tmp_path, file, STEPS, STEPS.replace("Wait", "Go"))

    assert found.kind == "instruction-changed"


@pytest.mark.parametrize(
    "file", ["CONTRIBUTING.md", ".github/CODE_OF_CONDUCT.md", "docs/CONTRIBUTING.md"]
)
def test_a_new_page_that_github_shows_is_told_whatever_it_says(file: str, tmp_path: Path) -> None:
    [found] = told(tmp_path, file, "", "Mail us your file.\n", new=True)

    assert found.kind == "instruction-added"


def test_a_new_page_with_any_command_that_asks_before_it_changes_something_is_told(
    tmp_path: Path,
) -> None:
    context = click.Context(ops)
    commands = {name: ops.get_command(context, name) for name in ops.list_commands(context)}
    asking = [
        name
        for name, command in commands.items()
        if command and any(each.name == "yes" for each in command.params)
        if name != "rejected"  # It asks before it writes a file of this machine.
    ]
    more = {"routes": " --set us-west-2", "reconcile": " --repair", "restore-check": " --try"}

    assert len(asking) > 5
    for name in asking:
        page = f"```sh\nops {name}{more.get(name, ' a')}\n```\n"
        [found] = told(tmp_path / name, "docs/new.md", "", page, new=True)
        assert found.kind == "instruction-added"


@pytest.mark.parametrize("page", ["Purge it.\n", "```sh\nterraform destroy\n```\n"])
def test_a_new_page_of_the_docs_is_told_whatever_it_says(page: str, tmp_path: Path) -> None:
    [found] = told(tmp_path, "docs/new.md", "", page, new=True)

    assert found.kind == "instruction-added"


def test_a_command_that_goes_on_after_a_backslash_is_one_command(tmp_path: Path) -> None:
    page = "# A\n```sh\naws dynamodb \\\n  update-continuous-backups --table-name a\n```\n"

    [found] = told(tmp_path, "benchmarks/new.md", "", page, new=True)
    assert "aws dynamodb update-continuous-backups" in found.message


def test_a_new_page_beside_code_with_commands_that_only_look_asks_for_nothing(
    tmp_path: Path,
) -> None:
    page = "# A\n```sh\n# It looks.\ngit log -p\n```\nSo.\n"
    page += "```sh\nops status\nops routes\nops reconcile --rows\nops failover --dry-run\n```\n"

    assert told(tmp_path, "benchmarks/new.md", "", page, new=True) == []
