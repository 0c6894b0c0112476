"""The kinds of changes that need a reason before they are deployed: one module each."""

import re
from collections.abc import Mapping
from dataclasses import replace

from policies import choices, patterns
from policies.changes import unclassified
from policies.changes.differences import Files
from policies.changes.update import Update
from policies.command_line import Undetermined
from policies.finding import OR, Finding, few
from policies.gate import accepting_once
from policies.register import CHANGES
from policies.templates.template import StackTemplate

# What makes the templates.
MAKES = re.compile(r"(naming|stages/.+|services/(?!.+/runtime/).+)\.py|cdk\.json")
# Given one stack's update, which is all that it sees, the ``check`` of each yields findings whose
# rule is only the part in brackets: the exact change. ``REMEDY`` says what to do about them.
KINDS = patterns.modules(__name__, __path__)


def findings(update: Update, files: Files = None) -> list[Finding]:
    """Return the findings of every kind, each with the row that would accept it as its remedy.

    So are the single values that are hazards, or of no class: see ``unclassified``. ``files`` are
    those that differ from the base's; None if they are not known.
    """
    looked_at = repr((update.before.template, update.after.template))
    hazards = [
        (module.REMEDY, replace(found, rule=kind + found.rule))
        for kind, module in KINDS.items()
        for found in module.check(update)
    ]
    if repr((update.before.template, update.after.template)) != looked_at:
        raise Undetermined("a kind of changes/kinds changes what the others look at: copy it there")
    rest = unclassified.check(update, [found for _, found in hazards], files)
    before, after = (choices.folders([each]) for each in (update.before, update.after))
    kept = dict(before.items() & after.items())
    return [_told(found, update.after, remedy, files, kept) for remedy, found in (*hazards, *rest)]


def _told(
    found: Finding, stack: StackTemplate, remedy: str, files: Files, folders: Mapping[str, str]
) -> Finding:
    """Return ``found`` with placeholders for what differs between regions, or between producers.

    A construct knows where it was made, and not who has added to it since.
    """
    rule = stack.in_any_region(found.rule)
    if folder := folders.get(found.path.removesuffix("/Resource").rpartition("/")[2]):
        rule = rule.replace(f"/{folder}*", "/{folder}*")
    remedy += f"; {accepting_once(rule, stack.below_stage(found.path))}"
    making = filter(MAKES.fullmatch, sorted(files or ()))
    may = [each for each in making if each not in found.source]
    more = f"{OR}{few(may)}, as changed" if may and stack.region else ""
    return replace(found, gate=CHANGES, rule=rule, remedy=remedy, source=found.source + more)
