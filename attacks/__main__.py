"""``python -m attacks``: plant every attack, each alone, and print what catches it."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from attacks import gates
from attacks.attack import Attack
from attacks.families import FAMILIES
from attacks.project import Original
from ops.progress import progress
from policies.command_line import AS_JSON, ASSEMBLY
from policies.finding import Finding


@click.command()
@ASSEMBLY
@click.option("--family", type=click.Choice([*FAMILIES]), help="Plant those of one family.")
@AS_JSON
@click.pass_context
def main(context: click.Context, *, folder: Path, family: str | None, as_json: bool) -> None:
    """Plant the attacks in copies of an assembly and of the sources it was made from.

    Exit with 1 if one is not caught by what should say so, with 2 if there is no assembly.
    """
    chosen = {family: FAMILIES[family]} if family else FAMILIES
    told = _planted(chosen, Original.of(folder))
    missed = [each for each in told if not each["caught"]]
    click.echo(json.dumps(told, indent=2) if as_json else _text(told, len(missed)))
    context.exit(1 if missed else 0)


def _planted(families: Mapping[str, Sequence[Attack]], original: Original) -> list[dict[str, Any]]:
    rows = [(name, attack) for name, attacks in families.items() for attack in attacks]
    return [_told(name, attack, original) for name, attack in progress(rows, "attacks", len(rows))]


def _told(family: str, attack: Attack, original: Original) -> dict[str, Any]:
    copy = gates.attacked(attack, original)
    found = gates.findings(copy, attack.by)
    caught = gates.catching(attack, copy, found)
    return {
        "family": family,
        "attack": attack.what,
        "by": attack.by,
        "caught": bool(caught),
        "findings": [_sentence(each) for each in caught or found],
    }


def _sentence(finding: Finding) -> dict[str, str]:
    where = " ".join(filter(None, (finding.path, finding.region and f"({finding.region})")))
    return {"rule": finding.rule, "where": where, "why": finding.message}


def _text(told: Sequence[Mapping[str, Any]], missed: int) -> str:
    lines: list[str] = []
    family = ""
    for each in told:
        if each["family"] != family:
            family = each["family"]
            lines += ["", family]
        if each["caught"]:
            first = each["findings"][0]
            lines += [f"  {each['attack']}", f"    {each['by']} at {first['where']}"]
            lines.append(f"    {first['why'].splitlines()[0]}")
        else:
            said = {found["rule"].partition("[")[0] for found in each["findings"]}
            instead = f"; said instead: {', '.join(sorted(said))}" if said else ""
            lines += [f"  {each['attack']}", f"    NOT CAUGHT by {each['by']}{instead}"]
    return "\n".join([*lines, "", f"attacks: {len(told) - missed} of {len(told)} caught"])


if __name__ == "__main__":
    sys.exit(main(prog_name="python -m attacks"))
