"""A wrong declaration is refused where it is written, with a sentence that says what to write."""

from collections.abc import Mapping
from datetime import datetime
from types import ModuleType
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pytest
from msgspec import Meta, Struct, defstruct

from services.processor.runtime.contracts import CONTRACTS, found
from services.processor.runtime.contracts.orders import CONTRACT as ORDERS
from services.processor.runtime.declaration import Contract, FileForm, Moment, Number, number
from services.processor.runtime.errors import ContractError


class Standard(TypedDict):
    id: str
    at: str
    size: int
    note: NotRequired[str]
    place: str | None
    tags: list[str]


class Price(TypedDict):
    value: float


class Inexact(TypedDict):
    prices: list[Price]


def struct(**fields: Any) -> type[Struct]:  # noqa: ANN401  # types
    """Return a struct with ``id`` and these fields; a pair is a type and its default."""
    declared = [
        (name, *(kind if isinstance(kind, tuple) else (kind,))) for name, kind in fields.items()
    ]
    return defstruct("Row", [("id", str), *declared], forbid_unknown_fields=True, kw_only=True)


def contract(**changes: Any) -> Contract[Any]:  # noqa: ANN401  # whatever a contract has
    declared: dict[str, Any] = {
        "dataset": "things",
        "version": 1,
        "description": "Things.",
        "row": struct(),
        "standard_form": Standard,
        "standardise": lambda row: {"id": row.id},
    }
    return Contract(**declared | changes)


class Tree(Struct, forbid_unknown_fields=True):
    below: "Tree | None" = None


class WithRule(Struct, forbid_unknown_fields=True):
    id: str

    def __post_init__(self) -> None:
        """Do nothing."""


class Lenient(Struct):
    id: str


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": 0}, "version is 0; expected 1, and 1 more with each change"),
        ({"key": "id"}, "key is 'id'; expected a tuple of names, for example (\"id\",)"),
        ({"key": ("nr",)}, "key 'nr' is no field of the standard form, which has at, id, note"),
        ({"key": ("note",)}, "key 'note' may be absent; every record needs it, so require it"),
        ({"key": ("place",)}, "key 'place' may be absent"),
        ({"key": ("tags",)}, "key 'tags' is a ListType; expected a text or a number"),
        ({"time": "at"}, "time is 'at' without a key; a moment alone identifies no record"),
        ({"key": ("id",), "time": "when"}, "time 'when' is no field of the standard form"),
        ({"key": ("id",), "time": "note"}, "time 'note' may be absent"),
        ({"key": ("id",), "time": "size"}, "time 'size' is a IntType; expected a MomentText"),
        ({"key": ("id",), "standard_form": dict}, "which has none that are declared"),
        ({"standard_form": Inexact}, "prices[].value of the standard form is a FloatType, which"),
        ({"standard_form": Tree}, "expected a TypedDict"),
        ({"row": str}, "expected a class below msgspec.Struct"),
        ({"row": Lenient}, "declare it with forbid_unknown_fields=True"),
        ({"row": WithRule}, "a rule of several fields belongs to standardise"),
        ({"row": Tree}, "a struct of it contains itself"),
        ({"row": struct(x=float)}, "x is of a type that no row has (FloatType); expected one of"),
        ({"row": struct(x=dict[str, str])}, "x is of a type that no row has (DictType)"),
        ({"row": struct(x=Any)}, "x is of a type that no row has (AnyType)"),
        ({"row": struct(x=list[float])}, "x is of a type that no row has (FloatType)"),
        ({"row": struct(x=Annotated[bool, Meta(ge=1)])}, "row has a type that cannot be read: Can"),
        ({"row": struct(x="Nowhere")}, "row has a type that cannot be read: name 'Nowhere' is not"),
        ({"row": struct(x=int | str)}, "x has several types; a field has one, and perhaps None"),
        ({"row": struct(x=(int, 1))}, "x is optional, but not as `| None = None`"),
        ({"row": struct(x=(int, None))}, "x is optional, but not as `| None = None`"),
        ({"row": struct(x=(int | None, 1))}, "let standardise supply any other value"),
        ({"row": struct(x=datetime)}, "x is a datetime, whose zone is not known; declare it as"),
        ({"row": struct(x=Literal[1, 2])}, "x is a Literal of other values than texts"),
        (
            {"row": struct(x=Annotated[str, Meta(pattern="x")])},
            (
                "x has a pattern, which no producer can read; say it in words and show it: "
                'Meta(title="three letters", examples=["EUR"])'
            ),
        ),
        (
            {"row": struct(x=Annotated[str, Meta(pattern="x", title="an x", examples=["y"])])},
            'x has an example that is "y"; expected an x, for example "y"',
        ),
        (
            {"row": struct(x=Annotated[Number, number(minimum=0, examples=["-1"])])},
            "x has an example that is -1; expected a number of at least 0",
        ),
        *(
            (
                {"row": struct(x=Annotated[Number, number(minimum=0, examples=examples)])},
                'x has an example that is "1,25"; expected a number with a decimal point',
            )
            for examples in (["1,25"], ["1.25", "1,25"])
        ),
        (
            {"row": struct(place=struct(x=float))},
            "place x is of a type that no row has (FloatType)",
        ),
        (
            {"row": struct(place_id=str, place=struct())},
            "two fields have the CSV column place_id; rename one of them",
        ),
    ],
)
def test_a_contract_that_cannot_be_kept_is_refused_with_advice(
    changes: Mapping[str, Any], message: str
) -> None:
    with pytest.raises(ContractError) as refused:
        contract(**changes)

    assert str(refused.value).startswith("contract 'things': ")
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"delimiter": "||"}, "delimiter is '||'; expected one character"),
        ({"delimiter": '"'}, "delimiter is '\"'; expected one character that is no quote"),
        ({"encoding": "latin-99"}, "encoding is 'latin-99'; expected a text codec of Python"),
        ({"encoding": "base64"}, "encoding is 'base64'; expected a text codec of Python"),
        ({"skip_lines": -1}, "skip_lines is -1; expected 0 or more"),
        ({"records_at": "a..b"}, "records_at is 'a..b'; expected names joined by points"),
        ({"null_texts": "x"}, "null_texts is 'x'; expected a tuple of texts, for example (\"x\",)"),
        ({"moment_forms": "%d.%m.%Y"}, "moment_forms is '%d.%m.%Y'; expected a tuple of texts"),
        ({"moment_forms": ("%d.%m %H:%M",)}, "moment_forms has '%d.%m %H:%M'; expected a strptime"),
        ({"moment_forms": ("dd.mm.yyyy",)}, "moment_forms has 'dd.mm.yyyy'; expected a strptime"),
        ({"moment_forms": ("%d.%m.%Y %I:%M",)}, "expected a strptime pattern with a whole date"),
        ({"moment_forms": ("%d.%m.%Y %H:%M %Z",)}, "expected the offset from UTC as %z"),
        ({"moment_forms": ("%d.%m.%Y %Q",)}, "pattern with a whole date, for example"),
        ({"zone": "Berlin"}, "zone is 'Berlin'; expected a name of the IANA time zone database"),
        ({"zone": "../etc"}, "zone is '../etc'; expected a name of the IANA"),
        ({"zone": ""}, "zone is ''; expected a name of the IANA"),
    ],
)
def test_a_form_in_which_no_file_is_written_is_refused_with_advice(
    form: dict[str, Any], message: str
) -> None:
    with pytest.raises(ContractError) as refused:
        FileForm(**form)

    assert message in str(refused.value)


def test_no_dataset_has_the_ids_of_the_operators_notes() -> None:
    with pytest.raises(
        ContractError, match="contract 'audit': ids that begin so are of the operators'"
    ):
        contract(dataset="audit")


def module(name: str, **content: object) -> ModuleType:
    made = ModuleType(f"contracts.{name}")
    vars(made).update(content)
    return made


@pytest.mark.parametrize(
    ("modules", "message"),
    [
        ([module("helpers")], "helpers.py in contracts/ has no CONTRACT = Contract(...)"),
        ([module("orders", CONTRACT="orders")], "orders.py in contracts/ has no CONTRACT"),
        ([module("sales", CONTRACT=ORDERS)], "has the dataset 'orders'; name the module orders.py"),
        (
            [module("orders", CONTRACT=ORDERS), module("sales", CONTRACT=ORDERS)],
            "two modules have the dataset 'orders'; sales.py is the second",
        ),
    ],
)
def test_a_module_without_a_contract_of_its_name_is_refused_with_advice(
    modules: list[ModuleType], message: str
) -> None:
    with pytest.raises(ContractError) as refused:
        found(modules)

    assert message in str(refused.value)


def test_every_type_that_a_row_may_have_can_be_declared() -> None:
    row = struct(
        a=Annotated[int, Meta(gt=0, le=9)],
        b=(bool | None, None),
        c=Moment | None,
        d=list[Literal["x", "y"]],
        e=Annotated[Annotated[list[Number], Meta(max_length=3)] | None, Meta(description="E.")],
        f=(struct(g=str) | None, None),
    )

    assert contract(row=row, key=("id", "size")).version == 1


def test_the_schemas_say_what_is_declared() -> None:
    row = ORDERS.row_schema()["$defs"]["Order"]
    standard = ORDERS.standard_schema()["$defs"]["StandardOrder"]

    assert row["additionalProperties"] is False
    assert row["properties"]["amount"] == {
        "type": "number",
        "minimum": 0,
        "multipleOf": 0.0001,
        "examples": ["19.90"],
        "description": "Its total.",
    }
    assert standard["properties"]["orderedAt"]["format"] == "date-time"
    assert "note" not in standard["required"]
    assert all(contract.row_schema() for contract in CONTRACTS.values())
