"""The gates, as they look at the copy in which an attack is planted.

The original is green: whatever the register accepts is what is found in it already.
"""

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from attacks import contents
from attacks.attack import Attack, Plant
from attacks.project import ROOT, Copy, Original
from policies import published, register, rules
from policies.app import CDK_JSON
from policies.changes import documents, guards
from policies.changes.comparison import Base, compare
from policies.changes.documents import Pair
from policies.changes.resource_spec import Spec
from policies.finding import PROJECT, Finding
from policies.register import OURS, ROWS, TOOLS, Waiver
from policies.scan import code
from policies.scan.tree import inspect

SCANNERS = ROOT / ".scan-venv" / "bin" / "python"
# Our own scans need no process, and have many attacks.
HERE: Mapping[str, Callable[[Path], Iterator[Finding]]] = {
    **{name: partial(code.find, whole=ROOT, tool=name) for name in code.FILES},
    OURS: inspect,
}


def attacked(attack: Attack, original: Original) -> Copy:
    """Return a copy of the original in which the attack is planted."""
    if attack.on:
        before = planted(attack.on, original)
        stacks = {name: before.after(name) for name in original.stacks}
        original = replace(original, stacks=stacks)
    return replace(planted(attack.plant, original), elsewhere=attack.elsewhere)


def planted(plant: Plant, original: Original) -> Copy:
    """Return a copy of the original with what ``plant`` plants."""
    copy = Copy(original)
    plant.do(copy)
    return copy


def findings(copy: Copy, by: str = "") -> list[Finding]:
    """Return what the gates say of a copy; only of the gate that ``by`` belongs to, if given."""
    gates = (GATES[_gate(by)],) if by else [GATES[name] for name in (PROJECT, CHANGES)]
    return [found for gate in gates for found in gate(copy, by)]


def catching(attack: Attack, copy: Copy, found: Sequence[Finding]) -> list[Finding]:
    """Return those of ``found`` that say what they must; none unless it is said in every stack."""
    named = [each for each in found if each.kind == attack.by and attack.says in _text(each)]
    if not attack.plant.stacks:
        return [each for each in named if attack.place in _text(each)]
    if named and named[0].gate in TOOLS:
        return [each for each in named if each.path == attack.place]
    caught = []
    for name in attack.plant.stacks:
        stack = copy.original.find(name)
        place = "/".join(filter(None, (stack.path, attack.place)))
        here = [
            each
            for each in named
            if each.path.removesuffix("/Resource") == place and each.region == stack.region
        ]
        if not here:
            return []
        caught += here
    return caught


def _text(finding: Finding) -> str:
    return f"{finding.path} {finding.rule} {finding.source}\n{finding.message}\n{finding.remedy}"


def _of_rules(copy: Copy, by: str) -> Iterator[Finding]:
    """Yield the findings of the project's rules that the original does not have."""
    stacks = copy.original.stacks
    if copy.templates.keys() & stacks.keys():
        accepted = _accepted(copy.original)
        only = by.removeprefix(f"{PROJECT}-")
        found = rules.findings([copy.after(name) for name in stacks], only)
        yield from (each for each in found if (each.rule, each.path) not in accepted)


@cache
def _accepted(original: Original) -> frozenset[tuple[str, str]]:
    found = rules.findings([*original.stacks.values()])
    return frozenset((each.rule, each.path) for each in found)


def _of_changes(copy: Copy, _by: str) -> Sequence[Finding]:
    """Return what the comparison with the original says of all that is touched."""
    stacks = [name for name in copy.templates if name in copy.original.stacks]
    both = [copy.original.find(name) for name in stacks], [copy.after(name) for name in stacks]
    (before, after), there = (((), ()), both) if copy.elsewhere else (both, ((), ()))
    base = Base(
        name="the original",
        stacks=before,
        waivers=copy.original.waivers,
        files={*copy.files},
        documents=[*_documents(copy)],
        under_other_settings=there,
    )
    return compare(base, after, _waivers(copy), Spec.load()).verdict.findings


def _documents(copy: Copy) -> Iterator[Pair]:
    for name in copy.templates.keys() - copy.original.stacks.keys():
        yield copy.original.find(name), copy.after(name)
    if CDK_JSON in copy.files:
        text = copy.files[CDK_JSON] or ""
        yield documents.app_settings((ROOT / CDK_JSON).read_text()), documents.app_settings(text)
    if copy.files:
        with tempfile.TemporaryDirectory() as made:
            before = guards.here(copy.lay_out(Path(made, "before"), before=True))
            yield before, guards.here(copy.lay_out(Path(made, "after")))


def _waivers(copy: Copy) -> Sequence[Waiver]:
    rows = {name: text for name, text in copy.files.items() if name.startswith(f"{ROWS}/")}
    kinds = {Path(name).stem for name in rows}
    kept = [each for each in copy.original.waivers if each.kind not in kinds]
    new = (register.parse(Path(name).stem, text) for name, text in rows.items() if text)
    return [*kept, *(waiver for each in new for waiver in each)]


def _of_scans(copy: Copy, by: str) -> Iterator[Finding]:
    """Yield what the scan of that name says of the files and templates that are touched."""
    tool = next(each for each in TOOLS if by.startswith(f"{each}-"))
    with tempfile.TemporaryDirectory() as made:
        tree = copy.lay_out(Path(made))
        if tool in HERE:
            yield from HERE[tool](tree)
            return
        for name, template in copy.templates.items():
            (tree / "cdk.out").mkdir(exist_ok=True)
            (tree / "cdk.out" / f"{name}.template.json").write_text(json.dumps(template))
        command = [str(SCANNERS), "-m", "policies.scan", "--json", "--only", tool]
        options = ["--root", str(tree), "--assembly", str(tree / "cdk.out")]
        if not SCANNERS.exists():
            raise FileNotFoundError("the scanners are not installed: make .scan-venv/.ready")
        done = subprocess.run(  # noqa: S603  # fixed arguments
            [*command, *options], cwd=ROOT, capture_output=True, text=True, check=False
        )
    yield from (Finding(**each) for each in json.loads(done.stdout or "[]"))


CHANGES, SCANS, DATA, BUNDLES = "changes", "scans", "data/", published.GATE
Gate = Callable[[Copy, str], Iterator[Finding] | Sequence[Finding]]
GATES: dict[str, Gate] = {
    PROJECT: _of_rules,
    CHANGES: _of_changes,
    SCANS: _of_scans,
    DATA: contents.of_data,
    BUNDLES: contents.of_bundles,
}


def _gate(by: str) -> str:
    """Return the gate that reports findings of this name."""
    if by.startswith(f"{PROJECT}-"):
        return PROJECT
    if by.startswith(DATA):
        return DATA
    if by in published.KINDS:
        return BUNDLES
    return SCANS if by.startswith(tuple(f"{tool}-" for tool in TOOLS)) else CHANGES
