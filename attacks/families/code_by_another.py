"""What a function's code has done by others: modules, classes and objects that act when called."""

from attacks.attack import Attack, extend, write
from attacks.runtimes import CLIENT, PROCESSOR

MAIN = "from services.processor.runtime import large_file_main as main\n"
DECLARED = "from services.processor.runtime.declaration"
# Lines of a new module of the processor's, by what must catch them.
LINES = {
    "code-hidden-code": {
        "a module in a list": f"{MAIN}[main][0].os.system('x')",
        "a module by another name": f"{MAIN}other = main\nother.os.environ",
        "a module that is looped over": f"{MAIN}for each in (main,):\n    each.os.environ",
        "a module that a pattern takes": f"{MAIN}match main:\n    case each: each.os.environ",
        "a module that is a default": f"{MAIN}def run(of=main):\n    of.os.environ",
        "a module of a lambda in a table": f"{MAIN}TABLE = {{'a': lambda: main}}\nTABLE['a']().os",
        "a module that is returned": f"def __getattr__(_):\n    {MAIN}    return main",
        "a module that is an attribute": f"{MAIN}class Row:\n    of = main\nRow.of.os.environ",
        "a clock for all": "import time\ntime.monotonic = time.time",
        "a method of another class": "import json\njson.JSONEncoder.default = lambda *_: ''",
        "a name that goes": "import math\ndel math.floor",
        "a limit of a module of ours": (
            "from services.processor.runtime import row_size\nrow_size.MOST += 1"
        ),
        "an import of a class": "class Row:\n    import json\nRow.json.codecs.builtins.open('x')",
        "an import of a class, on a condition": f"class Row:\n    if 1:\n        {MAIN}Row.main.os",
        "what another object hides": "def run(self):\n    return self._transport.request('h')",
        "what a parent hides": (
            "from services.aws_client.s3 import S3\n"
            "class Row(S3):\n    def run(self):\n        return self._signer.sign()"
        ),
        "source that becomes a function": (
            f"{DECLARED}.text_check import Names\nNames().function(b.decode())"
        ),
        "a class that makes functions, extended": (
            f"{DECLARED}.text_check import Names as Base\nclass Row(Base): ..."
        ),
        "source of a standard form": f"{DECLARED}.standard_text import writer_of\nwriter_of(b)",
        "a struct of names": f"{DECLARED}.decoded_struct import without_patterns as of\nof(b)",
    },
    "code-undeclared": {
        "all that a module has": (
            "from services.processor.runtime.large_file_main import *\nos.environ"
        ),
        "a function of the main": (
            "from services.processor.runtime.main import lambda_handler\nlambda_handler({}, None)"
        ),
        "a module by its name": (
            "from services.processor.runtime.contracts import Contracts\nContracts('os', 'p')['p']"
        ),
        "two meanings of a name": (
            "def one():\n    import abc as j\n    j.abstractmethod\n"
            "def two():\n    import json as j\n    j.loads('1')"
        ),
        "a module that has no use of its own": "import json.tool\njson.tool.main()",
        "an attribute by a text": "from msgspec import structs\nstructs.force_setattr(b, s, s)",
        "files of time zones": "import zoneinfo\nzoneinfo.reset_tzpath([s])",
    },
}
# Lines of a module of the shared room, which has no part in a request.
IN_THE_ROOM = {
    "a new way to a connection": "from services.aws_client.channel import Channel\nChannel(b)",
    "a new way to a request": "from services.aws_client.transport import Transport\nTransport(b)",
    "a client": "from services.aws_client.clients import s3\ns3('us-east-1', {})",
    "a new look for a host": "from services.aws_client.endpoint import endpoint_of as of\nof(b)",
}
ATTACKS = (
    *(
        Attack(what, write(f"{PROCESSOR}/helpers.py", f"{lines}\n"), by=by)
        for by, each in LINES.items()
        for what, lines in each.items()
    ),
    *(
        Attack(what, write(f"{CLIENT}/helpers.py", f"{lines}\n"), by="code-connection")
        for what, lines in IN_THE_ROOM.items()
    ),
    Attack(
        "an error that sends",
        extend(
            f"{CLIENT}/errors.py",
            "\n\nclass SendError(AwsClientError):\n    def __init__(self, b: bytes) -> None:\n"
            "        from services.aws_client.transport import Transport\n",
        ),
        by="code-connection",
    ),
)
