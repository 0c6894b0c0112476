"""The findings in an assembly: its report, its templates and the register must agree."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from policies import app, choices, rules
from policies.finding import PROJECT, REGISTER, Finding
from policies.gate import Verdict, accepting, judge
from policies.register import PLUGINS, ROWS, Waiver
from policies.register_checks import UNUSED
from policies.templates.assembly import Assembly, digest
from policies.templates.template import StackTemplate

# What the packs find, and CDK itself, as synthesis.py writes it into an assembly.
REPORT = "packs-report.json"
GATE, MISSING, AGAIN = "report", "missing-report", "synthesize again: make synth"
# The remedy of what a pack or CDK's own validation finds, which say what they want in the message.
CORRECT = "AWS refuses it or advises against it: fix the line above, or the shared code behind it"


def check(
    assembly: Assembly, waivers: Sequence[Waiver], today: date, final: Sequence[Finding] = ()
) -> Verdict:
    """Return the verdict on ``assembly``; no row accepts what is ``final``."""
    stacks = assembly.stacks
    own = [waiver for waiver in waivers if waiver.gate in (*PLUGINS, "")]
    found = [*reported(assembly.folder, stacks), *_of_rules(stacks)]
    complete = all(each.rule != MISSING for each in found)
    findings = [
        *(_offered(each, stacks, own) for each in found),
        *(_acknowledged(stack, *each) for stack in stacks for each in stack.acknowledged),
    ]
    chosen = choices.seen_in(stacks)
    return judge(findings, own, stacks, chosen, today=today, complete=complete, final=final)


def check_twice(
    assembly: Assembly,
    other: Assembly,
    waivers: Sequence[Waiver],
    today: date,
    final: Sequence[Finding],
) -> Verdict:
    """Return the verdict on ``assembly``, with what is wrong only in the ``other`` of the app.

    There a row may have nothing to accept, because it is about what the settings leave out; not so
    one for as many accounts as there are only there.
    """
    verdict = check(assembly, waivers, today, final)
    only = {e.kind for e in waivers if e.accounts and not e.counts_in(assembly.stacks)}
    found = check(other, waivers, today).findings
    found = tuple(e for e in found if e.kind != UNUSED or Path(e.source).stem in only)
    return replace(verdict, findings=(*verdict.findings, *app.only_there(found, verdict.findings)))


def _of_rules(stacks: Sequence[StackTemplate]) -> list[Finding]:
    """Return what the rules find: red as well if one of them changes what the others look at or by.

    Raises:
        RuntimeError: a rule ends the process, and with it the gate.

    """
    before, code = repr(stacks), _code()
    try:
        found = rules.findings(stacks)
    except SystemExit as error:
        raise RuntimeError("a rule of policies/rules ends the process: let it yield") from error
    changed = ["the templates"] if repr(stacks) != before else []
    now = _code()
    changed += [name for name, value in code.items() if now.get(name) is not value]
    if changed:
        message = f"a rule changes what the others look at or by: {', '.join(changed)}"
        remedy = "let each rule of policies/rules change copies only"
        found.append(_of_report("templates-changed", message, "policies/rules", remedy))
    return found


def _code() -> Mapping[str, object]:
    """Return each function and class of the policies by its name, and what the classes have."""
    modules = ((name, vars(each)) for name, each in sys.modules.items() if name[:9] == "policies.")
    code = {
        f"{name}.{key}": one for name, has in modules for key, one in has.items() if callable(one)
    }
    classes = [(name, vars(one)) for name, one in code.items() if isinstance(one, type)]
    return code | {f"{name}.{key}": one for name, has in classes for key, one in has.items()}


def _offered(found: Finding, stacks: Sequence[StackTemplate], waivers: Sequence[Waiver]) -> Finding:
    """Add to a finding the row that accepts it, and where the same is accepted of others."""
    if found.gate == GATE:
        return found
    stack = stack_of(found.path, stacks)
    rule, path = stack.in_any_region(found.rule), stack.below_stage(found.path)
    others = {waiver.kind for waiver in waivers if waiver.finding == rule}
    return replace(found, remedy=f"{found.remedy or CORRECT}; {accepting(rule, path, others)}")


def _acknowledged(stack: StackTemplate, path: str, rule: str) -> Finding:
    return Finding(
        gate=REGISTER,
        rule=f"unregistered-waiver[{rule}]",
        region=stack.region,
        path=path,
        message="code acknowledges this rule, but only the register accepts a finding",
        remedy=f"remove it from the code; what has to be accepted is, by a row in {ROWS}",
    )


def reported(folder: Path, stacks: Sequence[StackTemplate]) -> list[Finding]:
    """Return what is reported of ``stacks``, and what is wrong with the report itself.

    Of the latter is ``MISSING``: without a report the findings are unknown, which never counts as
    none.
    """
    file = folder / REPORT
    if not file.exists():
        return [_of_report(MISSING, f"{file} is missing")]
    written = json.loads(file.read_text())
    found = [
        *((pack, *each) for pack, entries in written["packs"].items() for each in entries),
        *(entry for plugin in written["cdk"] for entry in _of_cdk(plugin)),
    ]
    missing = {*PLUGINS} - {PROJECT, *written["packs"]}
    flaws = [_of_report("incomplete-report", f"{pack} did not run") for pack in missing]
    if written["of"] != digest(stacks):
        flaws.append(_of_report("stale-report", "the report was made from other templates"))
    return [*flaws, *(_finding(*each, stacks=stacks) for each in found)]


def _of_cdk(plugin: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield what CDK reports, acknowledged or not."""
    name = plugin["pluginName"]
    for violation in (plugin.get("violations") or []) + (plugin.get("suppressedViolations") or []):
        for place in violation["violatingConstructs"]:
            yield name, violation["ruleName"], place["constructPath"], violation["description"]


def stack_of(path: str, stacks: Iterable[StackTemplate]) -> StackTemplate:
    """Return the stack of the construct at ``path``; one of no place if no stack holds it."""
    inside = (stack for stack in stacks if f"{path}/".startswith(f"{stack.path}/"))
    nowhere = StackTemplate(path="", name="", template={})
    return max(inside, key=lambda stack: len(stack.path), default=nowhere)


def _finding(
    gate: str, rule: str, path: str, message: str, *, stacks: Sequence[StackTemplate]
) -> Finding:
    stack = stack_of(path, stacks)
    region, source = stack.region, stack.sources.get(path, "")
    return Finding(gate=gate, rule=rule, region=region, path=path, message=message, source=source)


def _of_report(rule: str, message: str, path: str = REPORT, remedy: str = AGAIN) -> Finding:
    return Finding(gate=GATE, rule=rule, path=path, message=message, remedy=remedy)
