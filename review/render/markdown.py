"""``report.md``: the summary of a job, and the comment on a pull request."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from review.render import costs
from review.render.markup import code, folded, table, text
from review.render.view import view

# GitHub accepts 65,536 characters; the page has the rest.
LONGEST = 60_000
LEFT_OUT = "\n\n*The rest is too long for this comment; see `report.html`.*\n"


def markdown(report: Mapping[str, Any]) -> str:
    """Return as many whole sections as fit, the most important first."""
    written = ""
    for part in _parts(view(report)):
        if len(written) + len(part) + len(LEFT_OUT) > LONGEST:
            return written + LEFT_OUT
        written += part + "\n\n"
    return written.rstrip() + "\n"


def _parts(seen: Mapping[str, Any]) -> Iterator[str]:
    yield _head(seen)
    yield table(("", ""), [(name, answer) for name, answer, _ in seen["facts"]])
    for outcome in seen["verification"]:
        detail = outcome["error"] or f"in {outcome['seconds']} s"
        yield f"**{outcome['region']} {outcome['verdict']}** {text(detail)}"
    yield "### What changes in the data\n\n" + _data(seen["data"])
    yield "### What changes\n\n" + _resources(seen["resources"])
    yield "### Permissions\n\n" + _rights(seen["rights_changed"])
    yield "### Findings\n\n" + _findings(seen)
    yield "### Cost\n\n" + costs.changes(seen["cost"])
    yield folded("Cost in detail", costs.lines(seen["cost"], seen["load"]))
    yield folded("Packages", _packages(seen["sbom"]))
    yield folded("Architecture", f"```mermaid\n{seen['diagram']['mermaid']}\n```")
    yield f"Commit `{seen['commit']['id']}`, assembly `{seen['assembly_hash']}`"


def _head(seen: Mapping[str, Any]) -> str:
    word = "Green: safe to approve" if seen["green"] else "Red: do not approve"
    mark = "\N{WHITE HEAVY CHECK MARK}" if seen["green"] else "\N{CROSS MARK}"
    subject = text(seen["commit"]["subject"])
    commit = f"{code(seen['short_commit'] or '-')} {seen['uncommitted']}".strip()
    lines = [
        f"## {mark} {word}",
        "",
        f"{subject} {commit} against {text(seen['base']['name'])}",
        "",
        *(f"- {text(reason)}" for reason in seen["verdict"]["reasons"]),
    ]
    return "\n".join(lines)


def _data(data: Mapping[str, Any]) -> str:
    if data["not_compared"]:
        return f"Not compared: {text(data['not_compared'])}."
    parts = [_dataset(each) for each in data["datasets"]]
    if data["of_bucket"]:
        parts.insert(0, f"Rows of {text(data['of_bucket'])} are shown here.")
    return "\n\n".join(parts) or f"Nothing, over {data['rows']:,} rows."


def _dataset(each: Mapping[str, Any]) -> str:
    declared = each["declared"].items()
    lines = [
        f"**{each['dataset']}** {each['state']}, {each['rows']:,} rows compared",
        *(
            f"- {name}: {text(str(v['before']))} is now {text(str(v['after']))}"
            for name, v in declared
        ),
        *(f"- **breaks listeners**: {text(words)}" for words in each["broken_fields"]),
    ]
    cells = [
        (
            f"{kind['rows']:,} {kind['kind']}",
            code(case["row"]),
            code(case["before"]),
            code(case["after"]),
        )
        for kind in each["differences"]
        for case in kind["cases"]
    ]
    listed = table(("Rows", "Such as", "Before", "Now"), cells)
    return "\n".join(lines) + (f"\n\n{listed}" if listed else "")


def _resources(rows: Sequence[Mapping[str, Any]]) -> str:
    def flags(row: Mapping[str, Any]) -> str:
        replaced = {"yes": " **replaced**", "maybe": " **may be replaced**"}
        lost = " **data is lost**" if row["data_loss"] else ""
        return f"{row['action']}{replaced.get(row['replacement'], '')}{lost}"

    cells = [
        (
            flags(row),
            code(row["local"]),
            row["type"],
            ", ".join([*row["properties"], *row["contracts"]]),
            _where(row),
        )
        for row in rows
    ]
    return table(("", "Resource", "Type", "Properties", "Region"), cells) or "No resource changes."


def _rights(rows: Sequence[Mapping[str, Any]]) -> str:
    cells = [
        (
            f"{row['state']} {row['effect']}",
            code(row["principal"]),
            ", ".join(row["actions"]),
            code(row["resource"]),
            _where(row),
        )
        for row in rows
    ]
    return (
        table(("", "Principal", "Actions", "Resource", "Region"), cells) or "No permission changes."
    )


def _findings(seen: Mapping[str, Any]) -> str:
    cells = [
        (
            state,
            code(row["rule"]),
            text(row["message"]),
            code(row["local"]),
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
    listed = table(heads, cells) or "No finding is open, newly accepted or fixed."
    return (
        f"{listed}\n\n{seen['waived_count']} findings were accepted before, "
        f"for {len(seen['waived'])} reasons."
    )


def _packages(sbom: Mapping[str, Any]) -> str:
    cells = [
        *(("added", code(each["name"]), each["version"]) for each in sbom["added"]),
        *(("removed", code(each["name"]), each["version"]) for each in sbom["removed"]),
        *(
            ("changed", code(each["name"]), f"{each['before']} to {each['after']}")
            for each in sbom["changed"]
        ),
    ]
    return (
        table(("", "Package", "Version"), cells) or f"{sbom['components']} packages, none changed."
    )


def _where(row: Mapping[str, Any]) -> str:
    return "both" if len(row["regions"]) > 1 else str(row["regions"][0])
