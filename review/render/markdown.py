"""``report.md``: the summary of a job, and the comment on a pull request."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from review.render.view import view

# GitHub accepts 65,536 characters; the page has the rest.
LONGEST = 60_000
LEFT_OUT = "\n\n*The rest is too long for this comment; see `report.html`.*\n"


def markdown(report: Mapping[str, Any]) -> str:
    """Return as many whole sections as fit, the most important first."""
    text = ""
    for part in _parts(view(report)):
        if len(text) + len(part) + len(LEFT_OUT) > LONGEST:
            return text + LEFT_OUT
        text += part + "\n\n"
    return text.rstrip() + "\n"


def _parts(seen: Mapping[str, Any]) -> Iterator[str]:
    yield _head(seen)
    yield _table(("", ""), [(name, answer) for name, answer, _ in seen["facts"]])
    for outcome in seen["verification"]:
        detail = outcome["error"] or f"in {outcome['seconds']} s"
        yield f"**{outcome['region']} {outcome['verdict']}** {_text(detail)}"
    yield "### What changes\n\n" + _resources(seen["resources"])
    yield "### Permissions\n\n" + _rights(seen["rights_changed"])
    yield "### Findings\n\n" + _findings(seen)
    yield _folded("Cost", _cost(seen["cost"]))
    yield _folded("Packages", _packages(seen["sbom"]))
    yield _folded("Architecture", f"```mermaid\n{seen['diagram']['mermaid']}\n```")
    yield f"Commit `{seen['commit']['id']}`, assembly `{seen['assembly_hash']}`"


def _head(seen: Mapping[str, Any]) -> str:
    word = "Green: safe to approve" if seen["green"] else "Red: do not approve"
    mark = "\N{WHITE HEAVY CHECK MARK}" if seen["green"] else "\N{CROSS MARK}"
    subject = _text(seen["commit"]["subject"])
    commit = f"{_code(seen['short_commit'] or '-')} {seen['uncommitted']}".strip()
    lines = [
        f"## {mark} {word}",
        "",
        f"{subject} {commit} against {_text(seen['base']['name'])}",
        "",
        *(f"- {_text(reason)}" for reason in seen["verdict"]["reasons"]),
    ]
    return "\n".join(lines)


def _resources(rows: Sequence[Mapping[str, Any]]) -> str:
    def flags(row: Mapping[str, Any]) -> str:
        replaced = {"yes": " **replaced**", "maybe": " **may be replaced**"}
        lost = " **data is lost**" if row["data_loss"] else ""
        return f"{row['action']}{replaced.get(row['replacement'], '')}{lost}"

    cells = [
        (flags(row), _code(row["local"]), row["type"], ", ".join(row["properties"]), _where(row))
        for row in rows
    ]
    return _table(("", "Resource", "Type", "Properties", "Region"), cells) or "No resource changes."


def _rights(rows: Sequence[Mapping[str, Any]]) -> str:
    cells = [
        (
            f"{row['state']} {row['effect']}",
            _code(row["principal"]),
            ", ".join(row["actions"]),
            _code(row["resource"]),
            _where(row),
        )
        for row in rows
    ]
    return (
        _table(("", "Principal", "Actions", "Resource", "Region"), cells)
        or "No permission changes."
    )


def _findings(seen: Mapping[str, Any]) -> str:
    cells = [
        (
            state,
            _code(row["rule"]),
            _text(row["message"]),
            _code(row["local"]),
            row["source"],
            _where(row),
        )
        for state, rows in (
            ("**open**", seen["open"]),
            ("accepted", seen["accepted"]),
            ("fixed", seen["fixed"]),
        )
        for row in rows
    ]
    heads = ("", "Rule", "Finding", "Construct", "Source", "Region")
    table = _table(heads, cells) or "No finding is open, newly accepted or fixed."
    return (
        f"{table}\n\n{seen['waived_count']} findings were accepted before, "
        f"for {len(seen['waived'])} reasons."
    )


def _cost(cost: Mapping[str, Any]) -> str:
    load = cost["load"]
    cells = [
        (each["region"], each["service"], each["item"], f"{each['monthly_usd']:,.2f}")
        for each in cost["lines"]
    ]
    records = f"{load['records_per_day']:,} records of {load['bytes_per_record']} bytes a day"
    return (
        f"For {records}, kept {load['months_kept']} months, at the list prices of "
        f"{cost['prices_of']}.\n\n" + _table(("Region", "Service", "Item", "USD per month"), cells)
    )


def _packages(sbom: Mapping[str, Any]) -> str:
    cells = [
        *(("added", _code(each["name"]), each["version"]) for each in sbom["added"]),
        *(("removed", _code(each["name"]), each["version"]) for each in sbom["removed"]),
        *(
            ("changed", _code(each["name"]), f"{each['before']} to {each['after']}")
            for each in sbom["changed"]
        ),
    ]
    return (
        _table(("", "Package", "Version"), cells) or f"{sbom['components']} packages, none changed."
    )


def _where(row: Mapping[str, Any]) -> str:
    return "both" if len(row["regions"]) > 1 else str(row["regions"][0])


def _folded(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows]
    rule = "|".join(["---"] * len(heads))
    return "\n".join([f"| {' | '.join(heads)} |", f"|{rule}|", *lines]) if lines else ""


def _cell(value: str) -> str:
    return value.replace("\n", " ").replace("|", "\\|")


def _text(value: str) -> str:
    """Escape what Markdown or HTML would interpret."""
    for character in "\\`*_[]<>#@":
        value = value.replace(
            character, f"\\{character}" if character not in "<>@" else _ENTITY[character]
        )
    return " ".join(value.split())


def _code(value: str) -> str:
    return f"`{value.replace('`', chr(39))}`"


_ENTITY = {"<": "&lt;", ">": "&gt;", "@": "&#64;"}
