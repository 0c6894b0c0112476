"""What a function's code reaches or runs without a word for it: by a pattern, or by a text."""

from itertools import product

from attacks.attack import Attack, extend
from attacks.runtimes import CLIENT, CONSUMER, PROCESSOR

# Each leads on from ``b``, an object, or from ``s``, a text that was put together.
LINES = {
    "an attribute of a pattern": (
        "match b:\n        case object(__globals__=s): pass",
        "match [b]:\n        case [object(_signer=object(_source=s))]: pass",
        "match b:\n        case {'a': object(f_back=s)} | object(f_back=s): pass",
        "match b:\n        case object(format=s): pass",
        "__match_args__ = (s,)",
    ),
    "a text that is evaluated": (
        "import typing; typing.get_type_hints(b)",
        "from typing import get_type_hints as cast; cast(b)",
        "import typing; typing.ForwardRef(s)",
        "import msgspec; msgspec.defstruct('A', [('a', s)])",
        "from msgspec import defstruct as field; field('A', [('a', s)])",
        "import dataclasses; dataclasses.make_dataclass('A', [('a', s)])",
        "import collections; collections.namedtuple('A', s)",
        "import functools; functools.singledispatch(b).register(b)",
        "import copyreg; copyreg.pickle(b, b)",
        "import pickle; pickle.loads(b)",
        "import types; types.CodeType(b)",
        "import inspect; inspect.get_annotations(b, eval_str=True)",
    ),
    "attributes by a text": (
        "import string; string.Formatter().get_field(s, [b], {})",
        "from string import Formatter as ascii_letters; ascii_letters().vformat(s, [b], {})",
        "'{0._signer}'.format(b)",
        "s.format(b)",
        "[*map(str.format, [s], [b])]",
        "s.format_map(b)",
        "self = s; self.format(b)",
        "import operator; operator.attrgetter(s)(b)",
        "import operator; operator.methodcaller(s)(b)",
        "from operator import itemgetter as or_; or_(s)(b)",
        "import functools; functools.update_wrapper(s, b, assigned=(s,))",
        "import msgspec; msgspec.convert(b, s, from_attributes=True)",
        "import msgspec; msgspec.convert(b, s, **{'from_attributes': True})",
    ),
}
PLACES = (f"{PROCESSOR}/parsing/rows.py", f"{CONSUMER}/event.py", f"{CLIENT}/signature.py")
AGAIN = {
    f"{PROCESSOR}/settings.py": "get_type_hints(b)",
    f"{PROCESSOR}/storage/ledger.py": "s.format(b)",
    f"{PROCESSOR}/parsing/json_values.py": "attrgetter(s)(b)",
}


def _line(line: str, file: str) -> Attack:
    text = f"\n\ndef more(b, s):\n    {line}\n"
    return Attack(f"{line!r} in {file}", extend(file, text), by="code-hidden-code")


ATTACKS = (
    *(_line(line, PLACES[at % 3]) for lines in LINES.values() for at, line in enumerate(lines)),
    *(_line(line, file) for (line, *_), file in product(LINES.values(), PLACES)),
    *(_line(line, file) for file, line in AGAIN.items()),
    *(
        Attack(f"a pause {how}", extend(PLACES[0], f"\n\n{line}\n"), by="code-undeclared")
        for how, line in {
            "in the parser": "import time; time.sleep(840)",
            "by another name": "from time import sleep as monotonic; monotonic(840)",
        }.items()
    ),
)
