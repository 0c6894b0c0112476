"""What a commit is compared with that is the first to name an account."""

from dataclasses import replace
from pathlib import Path

import pytest

from policies.changes import base_selection, documents, guards
from policies.changes.comparison import Base, compare
from policies.changes.documents import CDK_JSON
from policies.templates.assembly import Assembly
from tests.policy.changes.updates import SPEC, bucket
from tests.policy.templates import stack

HERE = stack({"Data": bucket()})
BEFORE = replace(HERE, account=base_selection.PLACEHOLDER_ACCOUNT)


def test_with_the_first_account_only_what_was_there_before_is_compared(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pairs = [
        (documents.document(name, {key: "ours"}), documents.document(name, {key: "theirs"}))
        for name, key in ((CDK_JSON, "app"), (guards.NAME, "packages"), ("assembly", "tap"))
    ]
    commit = Base(name="HEAD~1", stacks=[BEFORE], documents=pairs)
    monkeypatch.setattr(base_selection, "_commit", lambda *_: commit)
    read = Assembly(folder=tmp_path, stacks=(HERE,), acknowledgments=frozenset())

    chosen = base_selection.chosen(None, None, read)
    found = compare(chosen, read.stacks, [], SPEC).verdict.findings

    assert [each.rule for each in found] == [
        "app-command[app ours -> theirs]",
        "unclassified[packages ours -> theirs]",
    ]
