"""Whoever must review what guards the gates is named, whatever file it is in."""

from policies.changes import guards
from tests import deployer
from tests.architecture.sources import ROOT

LOCKS = ("requirements/*.txt", "services/*/runtime/requirements.*", "**/package-lock.json")


def owned(file: str) -> bool:
    """Whether a line names the file, or a folder that it is in."""
    lines = (ROOT / ".github" / "CODEOWNERS").read_text().splitlines()
    patterns = [line.split()[0].removeprefix("/") for line in lines if line.startswith("/")]
    return any(file.startswith(each) if each.endswith("/") else file == each for each in patterns)


def test_every_file_that_guards_the_gates_has_an_owner() -> None:
    told = guards.here(ROOT).template
    files = [*told["files"], *(f"tests/{name}" for name in ("conftest.py", "deployer.py"))]
    checks = ["policies/rules/names.py", "policies/accepted/no_vpc.toml", "attacks/gates.py"]
    making = [
        str(deployer.CDK_JSON.relative_to(ROOT)),
        "naming.py",
        "pipeline_app.py",
        "stages/pipeline/stack.py",
    ]

    assert [each for each in (*files, *checks, *making) if not owned(each)] == []


def test_every_lock_file_has_an_owner() -> None:
    ours = (path for pattern in LOCKS for path in ROOT.glob(pattern))
    files = {str(path.relative_to(ROOT)) for path in ours if "node_modules" not in path.parts}

    assert len(files) > 9
    assert sorted(each for each in files if not owned(each)) == []
