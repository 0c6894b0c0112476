"""What makes a function's code differ from try to try: clocks, chance, memory and what it sets.

So does a comparison of its own, by which a test finds equal what differs.
"""

from itertools import product

from attacks.attack import Attack, extend, replace
from attacks.runtimes import CLIENT, CONSUMER, PROCESSOR

# By what must catch them, wherever in a function's code they stand. ``b`` is a record's bytes.
LINES = {
    "code-clock-or-chance": (
        "from datetime import UTC, datetime; datetime.now(UTC)",
        "from datetime import datetime; now = datetime.now",
        "from datetime import datetime; sorted([b], key=datetime.utcnow)",
        "from datetime import datetime as kind; moment = kind; moment.now()",
        "import datetime; datetime.date.today()",
        "import datetime; datetime.datetime.fromtimestamp(1)",
        "b.last_modified.now()",
        "import time; time.time()",
        "from time import time_ns as crc32; crc32()",
        "import time; time.gmtime()",
        "import time; time.strftime('%Y')",
        "import time; time.perf_counter()",
        "import random; random.random()",
        "import random; random.seed(1)",
        "from random import choice as reduce; reduce(b)",
        "import secrets; secrets.token_hex()",
        "import uuid; uuid.uuid4()",
    ),
    "code-set-for-all": (
        "import decimal; decimal.setcontext(b)",
        "import decimal; decimal.getcontext().prec = 3",
        "from decimal import localcontext as closing; closing(b)",
        "import csv; csv.field_size_limit(9)",
        "import csv; csv.register_dialect('excel', delimiter=';')",
        "import locale; locale.setlocale(0, 'de_DE')",
        "import calendar; calendar.setfirstweekday(6)",
    ),
    "code-kept-in-memory": (
        "import functools; functools.cache(b.decode)",
        "from functools import lru_cache as partial; partial(None)(b.decode)",
        "import functools; functools.lru_cache(maxsize=1000)(b.decode)",
        "from functools import cached_property",
    ),
    "code-compared-by-own-rule": (
        "def __eq__(self, other): return True",
        "def __ne__(self, other): return False",
        "def __hash__(self): return 1",
        "def __lt__(self, other): return True",
        "__eq__ = b",
        "__hash__ = None",
        "from dataclasses import dataclass; dataclass(eq=False)",
        "from dataclasses import dataclass; dataclass(order=True)",
        "from dataclasses import field; field(compare=False)",
        "class Row(Struct, eq=False): ...",
        "import functools; functools.total_ordering(b)",
        "from functools import cmp_to_key as partial; partial(b)",
    ),
}
PLACES = (
    f"{PROCESSOR}/keys.py",
    f"{PROCESSOR}/contracts/orders.py",
    f"{CONSUMER}/event.py",
    f"{CLIENT}/signature.py",
)
# What a file may use once or for one thing, used once more or for another.
AGAIN = (
    ("code-clock-or-chance", "services/canary/runtime/main.py", "datetime.now(UTC)"),
    ("code-clock-or-chance", f"{PROCESSOR}/intake/source.py", "random.uniform(0, 1)"),
    ("code-clock-or-chance", f"{CLIENT}/signature.py", "time.gmtime()"),
    ("code-set-for-all", f"{PROCESSOR}/parsing/csv_fields.py", "csv.field_size_limit(9)"),
    ("code-kept-in-memory", f"{PROCESSOR}/declaration/decoded_struct.py", "cache(print)"),
    ("code-compared-by-own-rule", f"{CONSUMER}/event.py", "sorted_by(order=True)"),
    ("code-connection", f"{CLIENT}/s3.py", "Endpoint('h', 443, True)"),
    ("code-connection", f"{CLIENT}/s3.py", "endpoint_of('s3', name, env)"),
    ("code-connection", f"{CLIENT}/transport.py", "Addresses(data)"),
    ("code-connection", f"{CLIENT}/container_credentials.py", "Endpoint.of(data)"),
)


def _line(kind: str, line: str, file: str) -> Attack:
    return Attack(f"{line!r} in {file}", extend(file, f"\n\n{line}\n"), by=kind)


ATTACKS = (
    *(
        _line(kind, line, PLACES[at % len(PLACES)])
        for kind, lines in LINES.items()
        for at, line in enumerate(lines)
    ),
    *(_line(kind, line, file) for (kind, (line, *_)), file in product(LINES.items(), PLACES)),
    *(
        Attack(f"{line!r} once more", extend(file, f"\n\n{line}\n"), by=kind, says="once more")
        for kind, file, line in AGAIN
    ),
    Attack(
        "requests that go where an answer says",
        extend(f"{CLIENT}/s3.py", "\nlater = Endpoint.of(head.header('location'))\n"),
        by="code-connection",
        says="Endpoint.of",
    ),
    *(
        Attack(
            f"another host for {what}",
            extend(file, "\nlater = endpoint._replace(host=name)\n"),
            by="code-hidden-code",
            says="_replace",
        )
        for what, file in (
            ("objects", f"{CLIENT}/s3.py"),
            ("calls", f"{CLIENT}/json_service.py"),
            ("connections", f"{CLIENT}/transport.py"),
        )
    ),
    Attack(
        "a file whose time is not later than now",
        replace(
            f"{PROCESSOR}/ingest.py",
            "utc_ms(version.last_modified)",
            "utc_ms(min(version.last_modified, version.last_modified.now()))",
        ),
        by="code-clock-or-chance",
        says=".now",
    ),
)
