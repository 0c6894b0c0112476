r"""Writes a standard form as text: what is stored of it, and what its digest is computed from.

How it works: a ``TypedDict`` says which fields there are and of which types, so the text around
their values never changes. For each one a function is generated, as ``dataclasses`` does, in which
that text is constant. For a form with ``day: str``, ``count: int`` and ``note: NotRequired[str]``:

    def write(data):
        try:
            if type(data) is not dict: raise TypeError
            data_fields = 2
            v1 = whole(data['count'])
            v2 = quote(data['day'])
            v4 = v5 = ''
            if 'note' in data:
                data_fields += 1
                v3 = quote(data['note'])
                v4, v5 = f',"note":{{"S":{v3}}}', f',"note":{v3}'
            if len(data) != data_fields: raise KeyError
            return f'{{"M":{{"count":{{"N":"{v1}"}},"day":{{"S":{v2}}}{v4}}}}}', \
                f'{{"count":{v1},"day":{v2}{v5}}}'.encode()
        except UNUSUAL:
            return None

Whatever is not exactly as declared (another type, a number in another form, half a character) makes
it return ``None``: the value is then written by ``attribute_text`` and ``canonical_form``, which
take any value, say what is wrong with it, and come to the same text if nothing is.
"""

from collections.abc import Sequence
from json.encoder import encode_basestring as quote

from msgspec import inspect

from services.processor.runtime.attributes import MAX_LEVELS
from services.processor.runtime.declaration.fields import is_number

_Pair = tuple[str, str]  # what is stored, and canonical JSON
_LONGEST_NAME = 1000
_MOST_LEVELS = 20
_MARK = "\0"  # around a variable in a text
# The function that writes a value, and what is stored around its text.
_NUMBER = ("number", '{"N":"', '"}')
_SINGLE = {
    inspect.StrType: ("quote", '{"S":', "}"),
    inspect.IntType: ("whole", '{"N":"', '"}'),
    inspect.BoolType: ("truth", '{"BOOL":', "}"),
}


def source_of(fields: Sequence[inspect.Field]) -> str:
    """Return the source of ``write`` for a standard form with these fields."""
    return _Source().function(fields)


def is_possible(fields: Sequence[inspect.Field], levels: int = _MOST_LEVELS) -> bool:
    """Return whether a function for these fields can be generated: commas need a required one."""
    inner = (_bare(field.type) for field in fields)
    return (
        levels > 0
        and any(field.required for field in fields)
        and all(0 < len(field.encode_name) < _LONGEST_NAME for field in fields)
        and all(
            is_possible(each.fields, levels - 1)
            for each in inner
            if isinstance(each, inspect.TypedDictType)
        )
    )


class _Source:
    """The lines of a function, and the texts that it returns, with marked variables in them.

    A method returns both texts of something, and adds the lines that these need.
    """

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._variables = 0

    def function(self, fields: Sequence[inspect.Field]) -> str:
        """Return the source of ``write``."""
        stored, canonical = self._object(fields, "data", MAX_LEVELS)
        self._lines.append(f"return {_f_string(stored)}, {_f_string(canonical)}.encode()")
        body = "".join(f"        {line}\n" for line in self._lines)
        return f"def write(data):\n    try:\n{body}    except UNUSUAL:\n        return None\n"

    def _object(self, fields: Sequence[inspect.Field], data: str, levels: int) -> _Pair:
        """Write the object in the variable ``data``, with its names sorted."""
        required = [field.encode_name for field in fields if field.required]
        self._lines.append(f"if type({data}) is not dict: raise TypeError")
        self._lines.append(f"{data}_fields = {len(required)}")
        first, members = min(required), []
        for field in sorted(fields, key=lambda field: field.encode_name):
            name = field.encode_name
            # A comma goes with the member that is further from one that is always there.
            label = f"{',' if name > first else ''}{quote(name)}:"
            comma = "," if name < first else ""
            member = self._required if field.required else self._optional
            members.append(member(field, data, levels - 1, (label, comma)))
        self._lines.append(f"if len({data}) != {data}_fields: raise KeyError")
        stored, canonical = map("".join, zip(*members, strict=True))
        return f'{{"M":{{{stored}}}}}', f"{{{canonical}}}"

    def _required(self, field: inspect.Field, data: str, levels: int, around: _Pair) -> _Pair:
        label, comma = around
        stored, canonical = self._value(field.type, f"{data}[{field.encode_name!r}]", levels)
        return label + stored + comma, label + canonical + comma

    def _optional(self, field: inspect.Field, data: str, levels: int, around: _Pair) -> _Pair:
        before, self._lines = self._lines, []
        stored, canonical = self._required(field, data, levels, around)
        inside, self._lines = self._lines, before
        one, two = self._variable(), self._variable()
        self._lines += [
            f"{one} = {two} = ''",
            f"if {field.encode_name!r} in {data}:",
            f"    {data}_fields += 1",
            *(f"    {line}" for line in inside),
            f"    {one}, {two} = {_f_string(stored)}, {_f_string(canonical)}",
        ]
        return _marked(one), _marked(two)

    def _value(self, declared: inspect.Type, value: str, levels: int) -> _Pair:
        """Write what the expression ``value`` is."""
        bare = _bare(declared)
        single = _NUMBER if is_number(declared) else _SINGLE.get(type(bare))
        if single:
            function, before, after = single
            text = self._assigned(f"{function}({value})")
            return before + text + after, text
        match bare:
            case inspect.ListType(item_type=item) if isinstance(_bare(item), inspect.StrType):
                stored, canonical = self._both(f"texts({value})")
                return f'{{"L":[{stored}]}}', f"[{canonical}]"
            case inspect.TypedDictType(fields=fields):
                data = self._variable()
                self._lines.append(f"{data} = {value}")
                return self._object(fields, data, levels)
        return self._both(f"other({value}, {levels})")

    def _assigned(self, expression: str) -> str:
        variable = self._variable()
        self._lines.append(f"{variable} = {expression}")
        return _marked(variable)

    def _both(self, expression: str) -> _Pair:
        one, two = self._variable(), self._variable()
        self._lines.append(f"{one}, {two} = {expression}")
        return _marked(one), _marked(two)

    def _variable(self) -> str:
        self._variables += 1
        return f"v{self._variables}"


def _bare(declared: inspect.Type) -> inspect.Type:
    """Return a type without its documentation and limits; a ``Literal`` of texts is a text."""
    while isinstance(declared, inspect.Metadata):
        declared = declared.type
    if isinstance(declared, inspect.LiteralType):
        is_text = all(isinstance(value, str) for value in declared.values)
        return inspect.StrType() if is_text else declared
    return declared


def _marked(variable: str) -> str:
    return f"{_MARK}{variable}{_MARK}"


def _f_string(text: str) -> str:
    parts = text.replace("{", "{{").replace("}", "}}").split(_MARK)
    parts[1::2] = [f"{{{variable}}}" for variable in parts[1::2]]
    return f"f{''.join(parts)!r}"
