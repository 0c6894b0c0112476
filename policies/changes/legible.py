"""Whether what a template says can be read: by whom reviews it, and by what splits policies."""

import json
from collections.abc import Sequence

from policies import patterns
from policies.changes.grants import ATTACHED_TO, PERMISSION_LIMITS, WHOLE_POLICIES
from policies.templates.template import all_texts, as_text, functions

STATEMENT = "Statement"
_COMPARED, HOLDING, FUNCTIONS, OTHER_WIDGETS = patterns.beside(__file__).values()
# Where policies/changes/grants.py compares texts, whatever made them.
COMPARED = {*_COMPARED, *ATTACHED_TO, *PERMISSION_LIMITS, *WHOLE_POLICIES}


def is_plain(value: object) -> bool:
    """Return whether ``value`` is what it seems: nothing is brought from elsewhere or run."""
    # So begins what CloudFormation fills in, such as a secret.
    is_filled_in = any("{{" in text for text in all_texts(value))
    return {*functions(value)} <= {*FUNCTIONS} and not is_filled_in


def is_policy(where: Sequence[str], value: object) -> bool:
    """Return whether every grant in ``value``, the part of a policy at ``where``, is read."""
    key = where[-1] if where else ""
    if STATEMENT in where:
        # What follows is the name of the statement, which may be any word.
        key = next(iter(where[where.index(STATEMENT) + 2 :]), STATEMENT)
    return _is_read(key, value)


def is_dashboard(value: object) -> bool:
    """Return whether ``value``, part of a dashboard, shows figures: no text, and no function's."""
    text = as_text(value)
    if not text.startswith(("{", "[")):
        return text not in OTHER_WIDGETS
    try:
        said = json.dumps(json.loads(text))
    except ValueError:
        return False
    return not any(f'"{each}"' in said for each in OTHER_WIDGETS)


def _is_read(key: str, value: object) -> bool:
    if key in COMPARED:
        return True
    match value:
        case dict():
            names_known = value.keys() <= {*COMPARED, *HOLDING}
            return names_known and all(_is_read(name, part) for name, part in value.items())
        case list():
            return all(_is_read(key, part) for part in value)
    # A policy that is a text has quotation marks, and no other word here.
    return '"' not in str(value)
