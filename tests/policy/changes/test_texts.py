"""Nothing that a file says is left out when it is read: only comments are."""

from pathlib import Path

import pytest

from policies.changes import texts

ROOT = Path(__file__).resolve().parents[3]
FILES = ("Makefile", ".github/workflows/ci.yml", "pyproject.toml", "requirements/dev.in")


@pytest.mark.parametrize("name", FILES)
def test_without_any_one_line_a_file_says_something_else(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines(keepends=True)
    whole = texts.read(name, "".join(lines))[0]

    for number, line in enumerate(lines):
        if line.strip() and not line.strip().startswith(("#", "]", "endif")):
            rest = "".join([*lines[:number], *lines[number + 1 :]])
            assert texts.read(name, rest)[0] != whole, line


@pytest.mark.parametrize("name", FILES)
def test_a_comment_is_no_change(name: str) -> None:
    text = (ROOT / name).read_text()

    assert texts.read(name, f"# Why.\n{text}")[0] == texts.read(name, text)[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a: b\n\tls\n", "a: b c\n\tls\n"),
        ("a: b\n\tls\n", "a: b\n\tls # -a\n"),
        ("a: b\n\tls\n", "a: b; ls\n\tls\n"),
        ("A := 1\nB := 2\n", "B := 2\nA := 1\n"),
        ("A := 1\n", "ifdef X\nA := 1\nendif\n"),
        ("A := 1\n", "A := 1\nifneq ($(eval B := 1),)\nendif\n"),
        ("ifdef X\nelse\nA := 1\nendif\n", "ifdef X\nelse ifdef Y\nelse\nA := 1\nendif\n"),
        ("A := 1\n", "export A := 1\n"),
        ("A := 1\n", "A ?= 1\n"),
        ("a:\n\tls\n", "a::\n\tls\n"),
        ("a:\n\tls\n", "a: A := 1\na:\n\tls\n"),
        ("a:\n\tls\n", "-include b\na:\n\tls\n"),
        ("a:\n\tls \\\n\t  -a\n", "a:\n\tls \\\n\t  -b\n"),
        ("a:\n\tls\n", ".ONESHELL:\na:\n\tls\n"),
        ("A := 1\n", "A := $(shell ls)\n"),
        ("a:\n\tls\n", "%: a\n\tls\n"),
    ],
)
def test_a_makefile_that_does_something_else_says_something_else(one: str, other: str) -> None:
    assert texts.read("Makefile", one)[0] != texts.read("Makefile", other)[0]


def test_a_row_of_a_list_is_known_by_its_reason_wherever_it_stands() -> None:
    row = '[[allowed]]\nwhy = "{0}"\nnames = ["{0}"]\n'
    rows, [more] = [row.format(why) for why in ("a", "b")], [row.format("c")]

    before, after = (
        {each["Name"]: each for each in texts.read("a.toml", text)[0]["allowed"]}
        for text in ("".join(rows), "".join([rows[0], more, rows[1]]))
    )

    assert before == {name: after[name] for name in ("a", "b")}
    assert after.keys() - before.keys() == {"c"}


def test_what_cannot_be_read_is_one_value_at_the_first_line() -> None:
    assert texts.read("a.yml", "a: [") == ("a: [", {(): 1})
    assert texts.read("a.toml", "a =") == ("a =", {(): 1})


@pytest.mark.parametrize(("phony", "line"), [(".PHONY: b", 2), ("", 3)])
def test_a_target_is_found_where_it_is_listed_or_else_where_it_is(phony: str, line: int) -> None:
    lines = texts.read("Makefile", f".PHONY: a\n{phony}\nb:\n\tls\n")[1]

    assert lines["targets", ".PHONY", "needs", "b"] == line


def test_a_word_more_is_told_as_that_word_in_its_line() -> None:
    row = '[[allowed]]\nwhy = "{}"\nwords = """\\\n  a\n  {}\n"""\n'
    before, after = row.format("one", "b") + row.format("two", "c"), row.format("one", "b")
    after += row.format("two", "c d")

    old, (new, lines) = texts.read("a.toml", before)[0], texts.read("a.toml", after)

    was, now = ({where for _, where, _ in texts.values(each, ())} for each in (old, new))
    assert now - was == {("allowed", "two", "words", "d")}
    assert lines["allowed", "two", "words", "d"] == 11
    assert lines["allowed", "one", "words", "a"] == 4
