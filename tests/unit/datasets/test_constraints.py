from datasets.compatibility import constraints

FIELD = {"type": "number", "maximum": 10_000, "description": "What it is.", "examples": ["1"]}


def _row(*required: str, **fields: object) -> dict[str, object]:
    row = {"title": "Row", "type": "object", "properties": fields, "required": [*required]}
    return {"$ref": "#/$defs/Row", "$defs": {"Row": row}}


def test_what_is_asked_otherwise_is_told_by_its_name_with_both_values() -> None:
    before = _row("a", a=FIELD, tags={"type": "array", "items": {"maxLength": 3}})
    after = _row(a={**FIELD, "maximum": 1_000}, tags={"type": "array", "items": {"minLength": 3}})

    assert constraints.changed(before, after) == {
        "Row.a.maximum": (10_000, 1_000),
        "Row.tags.maxLength": (3, None),
        "Row.tags.minLength": (None, 3),
        "Row.required": (["a"], []),
    }


def test_other_words_ask_for_nothing_else() -> None:
    other = {**FIELD, "description": "Other words.", "examples": ["2"], "title": "a"}

    assert constraints.changed(_row(a=FIELD), _row(a=other)) == {}


def test_a_field_of_such_a_name_is_compared_as_any_other() -> None:
    assert constraints.changed(_row(examples=FIELD), _row(examples={**FIELD, "maximum": 1})) == {
        "Row.examples.maximum": (10_000, 1)
    }


def test_numbers_are_shown_as_people_read_them() -> None:
    shown = [constraints.shown(each) for each in (10_000, ["a", "b"], [], None, True)]

    assert shown == ["10,000", "a+b", "none", "none", "True"]
