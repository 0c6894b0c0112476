"""A small contract with every kind of field, for tests."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypedDict

from msgspec import Meta, Struct, structs

from services.processor.runtime.declaration import Contract, FileForm, Moment, Number, number
from services.processor.runtime.errors import RejectedRowError

Price = Annotated[Number, number(minimum=0, maximum=1_000, decimal_places=2, examples=["9.95"])]


class Place(Struct, forbid_unknown_fields=True):
    aisle: Annotated[int, Meta(ge=1)]
    side: Literal["left", "right"] | None = None


class Line(Struct, forbid_unknown_fields=True):
    sku: str
    price: Price | None = None


class Goods(Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(max_length=20, examples=["nails"])]
    count: int | None = None
    price: Price | None = None
    is_new: bool | None = None
    made_at: Moment | None = None
    made_on: date | None = None
    prices: list[Price] | None = None
    place: Place | None = None
    lines: list[Line] | None = None


class StandardGoods(TypedDict):
    name: str


def plain(goods: Goods) -> dict[str, Any]:
    """Return what is set, with its types as they were read."""
    return {name: value for name, value in structs.asdict(goods).items() if value is not None}


def goods(
    form: FileForm | None = None,
    standardise: Callable[[Goods], Mapping[str, Any]] = plain,
    standard_form: type[Any] = StandardGoods,
) -> Contract[Goods]:
    return Contract(
        dataset="goods",
        version=1,
        description="Goods.",
        row=Goods,
        standard_form=standard_form,
        standardise=standardise,
        form=form or FileForm(),
    )


def refusal(run: Callable[[], object]) -> tuple[str, str | None, str]:
    """Return code, field and message of the rejection that ``run`` must raise."""
    try:
        value = run()
    except RejectedRowError as error:
        return error.code, error.field, error.message
    raise AssertionError(f"accepted as {value}")
