"""Of a page, what people run or paste is compared, wherever in it that stands."""

from pathlib import Path

import pytest

from policies.changes import pages

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


def test_each_line_that_is_shown_is_known_by_its_number() -> None:
    assert pages.shown(PAGE) == {
        3: "ops status",
        4: "ops items FAILED",
        8: "aws s3 ls # looks",
        12: "> cdk diff",
    }


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
        ),
    ],
)
def test_what_is_written_in_another_way_is_shown_as_well(more: str) -> None:
    assert len(pages.shown(f"{PAGE}\n{more}\n")) > len(pages.shown(PAGE))


@pytest.mark.parametrize("more", ["Run it.", "`a.py`", "` `", "`a\n\nops b`", "# Two", "1 < 2"])
def test_prose_is_not(more: str) -> None:
    assert pages.shown(f"{PAGE}\n{more}\n") == pages.shown(PAGE)


def test_every_command_of_a_page_that_is_run_by_a_test_is_shown() -> None:
    text = (ROOT / "docs/runbooks/us-east-1-is-lost.md").read_text()

    blocks = text.split("```")[1::2]
    lines = [" ".join(each.split()) for block in blocks for each in block.splitlines()[1:]]
    assert {each for each in lines if each} <= {*pages.shown(text).values()}


def test_what_only_looks_like_the_end_of_a_block_is_a_line_of_it() -> None:
    text = "```sh\na\n```sh\nrm x\n```\n"

    assert [*pages.shown(text).values()] == ["a", "```sh", "rm x"]
