"""A declared struct becomes the kinds that read it; what no kind reads is refused at once."""

import re
import sys
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from msgspec import inspect

from services.processor.runtime.declaration.decoded_struct import without_patterns
from services.processor.runtime.declaration.fields import IS_NUMBER
from services.processor.runtime.declaration.kinds import (
    ChoiceKind,
    DayKind,
    Kind,
    MomentKind,
    NumberKind,
    TextKind,
    TruthKind,
    WholeKind,
)
from services.processor.runtime.declaration.limits import limited, number_limits, whole_limits
from services.processor.runtime.declaration.moments import Moments
from services.processor.runtime.declaration.numbers import exact_number, write_number
from services.processor.runtime.declaration.objects import ListKind, Member, ObjectKind
from services.processor.runtime.declaration.sentences import length, seen, with_example
from services.processor.runtime.errors import ContractError, RejectedRowError
from services.processor.runtime.file_form import FileForm

_SOME_NUMBER = Decimal("1.5")
_ANY_LENGTH = sys.maxsize


class Compiler:
    """Makes kinds for the fields of one contract, whose texts are in ``form``."""

    def __init__(self, form: FileForm) -> None:
        self._form = form
        self._moments = Moments(form)

    def object(self, struct: type[Any], name: str) -> ObjectKind:
        """Return the kind that reads ``struct``; ``name`` is what producers call it.

        Raises:
            ContractError: a field of it cannot be read; the message says what to declare instead.

        """
        try:
            info = inspect.type_info(struct)
        except (TypeError, NameError) as error:
            raise ContractError(f"row has a type that cannot be read: {error}") from error
        if not isinstance(info, inspect.StructType):
            raise ContractError(f"row is {struct!r}; expected a class below msgspec.Struct")
        if not info.forbid_unknown_fields or info.array_like or info.tag:
            problem = "drops fields it does not know; declare it with forbid_unknown_fields=True"
            raise ContractError(f"{struct.__name__} {problem}, without tag or array_like")
        if hasattr(struct, "__post_init__"):
            problem = "has __post_init__; a rule of several fields belongs to standardise"
            raise ContractError(f"{struct.__name__} {problem}")
        members = tuple(self._member(field) for field in info.fields)
        # To mypy, a type that may be any is not hashable.
        return ObjectKind(without_patterns(struct), name, members)  # type: ignore[arg-type]

    def _member(self, field: inspect.Field) -> Member:
        try:
            is_nullable, declared = _without_null(field.type)
            if not field.required and (field.default is not None or not is_nullable):
                _refuse_default()
            kind = self._kind(declared, field.encode_name)
        except ContractError as error:
            raise ContractError(f"{field.encode_name} {error}") from None
        return Member(field.name, field.encode_name, kind, field.required, is_nullable)

    def _kind(self, declared: inspect.Type, name: str) -> Kind:
        words: Mapping[str, Any] = {}
        extra: Mapping[str, Any] = {}
        if isinstance(declared, inspect.Metadata):
            words, extra = declared.extra_json_schema or {}, declared.extra or {}
            declared = declared.type
        kind = self._single(declared, words, extra) or self._several(declared, name)
        if kind is None:
            possible = "str, int, bool, Number, Moment, date, Literal of texts, list, Struct"
            problem = f"is of a type that no row has ({type(declared).__name__})"
            raise ContractError(f"{problem}; expected one of {possible}")
        for example in words.get("examples", ()):
            _check_example(kind, example)
        return kind

    def _single(
        self, declared: inspect.Type, words: Mapping[str, Any], extra: Mapping[str, Any]
    ) -> Kind | None:
        match declared:
            case inspect.StrType():
                return _text(declared, words)
            case inspect.LiteralType() | inspect.BoolType():
                return _choice(declared)
            case inspect.IntType():
                return self._whole(declared, words)
            case inspect.AnyType() if IS_NUMBER in extra:
                return self._number(words, extra)
            case inspect.DateTimeType() | inspect.DateType():
                return self._time(declared)
        return None

    def _whole(self, declared: inspect.IntType, words: Mapping[str, Any]) -> WholeKind:
        limits = tuple(whole_limits(declared))
        wanted = with_example(limited("a whole number", limits), words)
        return WholeKind(wanted, limits, self._form.decimal_comma)

    def _time(self, declared: inspect.DateTimeType | inspect.DateType) -> Kind:
        if isinstance(declared, inspect.DateType):
            return DayKind(self._moments)
        if not declared.tz:
            raise ContractError("is a datetime, whose zone is not known; declare it as Moment")
        return MomentKind(self._moments)

    def _several(self, declared: inspect.Type, name: str) -> Kind | None:
        match declared:
            case inspect.ListType(item_type=item, min_length=least, max_length=most):
                element = self._kind(item, name)
                wanted = f"a list{length(least, most, 'elements')}, each {element.wanted}"
                return ListKind(wanted, element, least or 0, most or _ANY_LENGTH)
            case inspect.StructType(cls=struct):
                return self.object(struct, name)
        return None

    def _number(self, words: Mapping[str, Any], extra: Mapping[str, Any]) -> NumberKind:
        limits = tuple(number_limits(extra))
        has_comma = self._form.decimal_comma
        point = "comma" if has_comma else "point"
        example, *_ = [*map(_number_example, words.get("examples", ())), _SOME_NUMBER]
        text = write_number(example, decimal_comma=has_comma)
        return NumberKind(
            f"{limited('a number', limits)}, for example {example}",
            limits,
            has_comma,
            f"{limited(f'a number with a decimal {point}', limits)}, for example {seen(text)}",
        )


def _refuse_default() -> None:
    problem = "is optional, but not as `| None = None`; declare it so"
    raise ContractError(f"{problem} and let standardise supply any other value")


def _without_null(declared: inspect.Type) -> tuple[bool, inspect.Type]:
    """Return whether null is allowed, and the type without it; metadata may be around both."""
    if isinstance(declared, inspect.Metadata):
        is_nullable, inner = _without_null(declared.type)
        return is_nullable, msgspec.structs.replace(declared, type=inner)
    if not isinstance(declared, inspect.UnionType):
        return False, declared
    others = [each for each in declared.types if not isinstance(each, inspect.NoneType)]
    if len(others) > 1:
        raise ContractError("has several types; a field has one, and perhaps None")
    return len(others) < len(declared.types), others[0]


def _choice(declared: inspect.LiteralType | inspect.BoolType) -> Kind:
    if isinstance(declared, inspect.BoolType):
        return TruthKind("true or false")
    texts = [value for value in declared.values if isinstance(value, str)]
    if len(texts) < len(declared.values):
        raise ContractError("is a Literal of other values than texts; expected texts only")
    return ChoiceKind("one of " + ", ".join(map(seen, texts)), frozenset(texts))


def _text(declared: inspect.StrType, words: Mapping[str, Any]) -> TextKind:
    least, most = declared.min_length, declared.max_length
    title = words.get("title")
    if declared.pattern and not (title and words.get("examples")):
        problem = "has a pattern, which no producer can read; say it in words and show it: "
        raise ContractError(problem + 'Meta(title="three letters", examples=["EUR"])')
    return TextKind(
        with_example(f"{title or 'a text'}{length(least, most, 'characters')}", words),
        least or 0,
        _ANY_LENGTH if most is None else most,
        re.compile(declared.pattern) if declared.pattern else None,
    )


def _number_example(example: object) -> Decimal:
    try:
        return Decimal(str(example))
    except InvalidOperation as error:
        wanted = 'a number with a decimal point, whatever the form has, for example "1.5"'
        raise ContractError(f"has an example that is {seen(example)}; expected {wanted}") from error


def _check_example(kind: Kind, example: object) -> None:
    if isinstance(kind, NumberKind) and isinstance(example, str):
        example = exact_number(example)  # with a decimal point, whatever the form has
    try:
        kind.from_json(example)
    except RejectedRowError as rejected:
        raise ContractError(f"has an example that {rejected.message}") from rejected
