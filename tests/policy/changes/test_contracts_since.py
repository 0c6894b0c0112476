"""Where the base's contracts come from, and what is said if they are not at hand."""

import io
import zipfile
from pathlib import Path

import pytest

from datasets.compatibility.process import DataError
from datasets.compatibility.text import text
from policies.changes import contract_sources as module
from policies.changes import deployed
from policies.changes.comparison import Base, compare
from policies.changes.contract_sources import since
from policies.changes.resource_spec import Spec
from policies.command_line import Undetermined
from policies.templates.template import StackTemplate
from tests.policy.changes.sides import PARCELS, side
from tests.policy.changes.test_repository import Work
from tests.policy.templates import resource, stack

SPEC = Spec(stateful=frozenset(), replacing={})


def processor() -> StackTemplate:
    function = resource(
        "AWS::Lambda::Function",
        Handler="services.processor.runtime.main.lambda_handler",
        Code={"S3Bucket": "assets", "S3Key": "code.zip"},
    )
    return stack({"Function": function})


def bundle(folder: Path) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for path in folder.rglob("*.py"):
            archive.write(path, path.relative_to(folder))
        archive.writestr("msgspec/__init__.py", "raise ImportError('built for another machine')")
    return written.getvalue()


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working tree, whose contract of parcels takes less than the first version did."""
    made = side(tmp_path / "tree", parcels=PARCELS.replace("le=30000", "le=20000"))
    monkeypatch.setattr(module, "ROOT", made)
    return made


def test_the_contracts_of_a_commit_are_those_of_its_sources(tree: Path) -> None:
    work = Work(tree)
    work.git("init", "--quiet")
    work.git("add", ".")
    work.git("commit", "--quiet", "--message", "all")
    commit = work.git("rev-parse", "HEAD")
    parcels = tree / "services/processor/runtime/contracts/parcels.py"
    parcels.write_text(PARCELS)

    made = since(Base(name="HEAD", stacks=[], commit=commit))

    assert {each.dataset: each.state for each in made.datasets}["parcels"] == "changed"


def test_a_commit_does_not_bring_the_worker_that_runs_its_contracts(tree: Path) -> None:
    worker = tree / "datasets/compatibility/worker.py"
    worker.parent.mkdir(parents=True)
    worker.write_text("raise SystemExit('the worker of the base')")
    work = Work(tree)
    work.git("init", "--quiet")
    work.git("add", ".")
    work.git("commit", "--quiet", "--message", "all")
    commit = work.git("rev-parse", "HEAD")
    worker.unlink()

    made = since(Base(name="HEAD", stacks=[], commit=commit))

    assert {each.dataset: each.state for each in made.datasets}["parcels"] == "same"


def test_the_deployed_contracts_are_those_in_the_functions_bundle_without_its_packages(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = bundle(side(tmp_path / "before", parcels=PARCELS))
    monkeypatch.setattr(deployed, "asset", lambda *_: before)

    made = since(Base(name="deployed", stacks=[processor()], deployed=True))

    assert tree.exists()
    assert made.not_compared == ""
    assert {each.dataset: each.state for each in made.datasets}["parcels"] == "changed"


@pytest.mark.usefixtures("tree")
def test_deployed_code_that_cannot_be_read_is_said_and_is_no_verdict_on_the_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def denied(*_: object) -> bytes:
        raise Undetermined("AccessDenied")

    monkeypatch.setattr(deployed, "asset", denied)

    made = since(Base(name="deployed", stacks=[processor()], deployed=True))

    assert "AccessDenied" in made.not_compared
    assert "not compared: the deployed code cannot be read" in text(made)


@pytest.mark.usefixtures("tree")
def test_where_nothing_is_deployed_there_is_nothing_to_compare() -> None:
    made = since(Base(name="deployed", stacks=[stack({})], deployed=True))

    assert made.not_compared == "nothing is deployed yet"


def test_a_clock_is_found_without_a_base(tree: Path) -> None:
    parcels = tree / "services/processor/runtime/contracts/parcels.py"
    parcels.write_text(PARCELS.replace('"grams"', '"day": str(date.today()), "grams"'))
    base = Base(name="templates", stacks=[])

    verdict = compare(base, [], [], SPEC, since(base)).verdict

    assert [each.rule for each in verdict.findings] == ["data/not-deterministic"]


def test_contracts_that_cannot_be_imported_are_an_error_with_the_reason(tree: Path) -> None:
    (tree / "services/processor/runtime/contracts/parcels.py").write_text("import nothing_of_it")

    with pytest.raises(DataError, match="nothing_of_it"):
        since(Base(name="templates", stacks=[]))
