"""What a module uses that is not its own, as names that a list can allow.

``json.loads`` is a name by its full path, through aliases, and through those of our own modules
that have imported it. A builtin is below ``builtins``. ``.__globals__`` is an attribute that leads
from anything to everything, ``'amazonaws.com'`` a text that names an address, a variable or code,
``os.environ to f`` what is handed over. Where logs are written, every word counts: ``log raw``, and
``log (row)`` for a variable as a whole.
"""

import ast
import builtins
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

OURS = "services"
BUILTINS = "builtins"
# Before what is imported, of which nothing is used yet.
IMPORT = "import "
LOG = "log "
_POWERTOOLS = "aws_lambda_powertools"
_LOGGERS = (f"{_POWERTOOLS}.Logger", f"{_POWERTOOLS}.Metrics")
_ENVIRONMENT = "os.environ"
_ADDRESS = re.compile(
    r"[a-z0-9]*://\S*"
    r"|\d{1,3}(\.\d{1,3}){3}"
    r"|/(dev|etc|home|lib|mnt|opt|proc|root|run|sys|tmp|usr|var)\b\S*"
    r"|(?<![\w/.@-])\.?([a-z0-9-]+\.)+[a-z]{2,}(?![\w-])"
)
_VARIABLE = re.compile(r"_?(AWS|LAMBDA)_\w+")
_HIDDEN = re.compile(r"[A-Za-z0-9+/=_\\-]{60,}")
_CODE = re.compile(r"\bimport\b\s+\w+|__\w+__|\b([a-z]\w*)\s*\(")
_REACHING = re.compile(r"__\w+__|_[a-z]\w*|(f|tb|gi|cr|ag|co)_\w+")
_OWN = frozenset({"self", "cls"})


class Module:
    """One file, and what its imported names mean; ``root`` is where our own modules are."""

    def __init__(self, file: Path, root: Path) -> None:
        self._root = root
        tree = parsed(file)
        self.known = imported(file)
        lone = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
        self._nodes = [
            node
            for node in ast.walk(tree)
            # A text that is a statement by itself does nothing.
            if not (isinstance(node, ast.Constant) and id(node) in lone)
        ]
        self._bases = {id(node.value) for node in self._nodes if isinstance(node, ast.Attribute)}
        self._parted = self._bases | {
            id(node.value) for node in self._nodes if isinstance(node, ast.Subscript)
        }

    def uses(self) -> Iterator[tuple[str, int]]:
        """Yield each name that it uses, and the line."""
        given = self._given()
        writes_logs = any(name in self.known.values() for name in _LOGGERS) and not given
        for node in self._nodes:
            line = getattr(node, "lineno", 0)
            for name in self._names(node):
                yield given.get(id(node)) or real_name(self._root, name), line
            if isinstance(node, ast.Constant):
                yield from ((name, line) for name in marks(node.value))
            if writes_logs:
                yield from ((f"{LOG}{word}", line) for word in self._words(node))

    def _names(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.Import(names=names):
                yield from (f"{IMPORT}{alias.name}" for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                whole = f"{IMPORT}{'.' * level}{module or ''}"
                yield from (f"{whole}.{alias.name}" for alias in names)
            case ast.Attribute(attr=attr, value=value):
                if id(node) not in self._bases and (dotted := self._dotted(node)):
                    yield dotted
                own = isinstance(value, ast.Name) and value.id in _OWN and attr[:2] != "__"
                if _REACHING.fullmatch(attr) and not own:
                    yield f".{attr}"
            case ast.Call(func=func, keywords=keywords):
                if (dotted := self._dotted(func)).startswith(_POWERTOOLS):
                    yield from (f"{dotted}({each.arg}=)" for each in keywords)
            case ast.Name(id=id_, ctx=ast.Load()) if id_ in self.known:
                yield from () if id(node) in self._bases else (self.known[id_],)
            case ast.Name(id=id_, ctx=ast.Load()) if hasattr(builtins, id_) or id_[:2] == "__":
                yield f"{BUILTINS}.{id_}"

    def _words(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.Attribute(attr=word) | ast.keyword(arg=str(word)):
                yield word
            case ast.Constant(value=str(word)) if " " not in word:
                yield word
            case ast.Name(id=word, ctx=ast.Load()) if id(node) not in self._parted:
                is_local = word not in self.known and not hasattr(builtins, word)
                yield from (f"({word})",) if is_local else ()

    def _given(self) -> Mapping[int, str]:
        """Return to what the environment is given as it is."""
        calls = [node for node in self._nodes if isinstance(node, ast.Call)]
        return {
            id(each): f"{_ENVIRONMENT} to {self._dotted(call.func)}"
            for call in calls
            for each in call.args
            if self._dotted(each) == _ENVIRONMENT
        }

    def _dotted(self, node: ast.expr) -> str:
        """Return the full path of an attribute of something imported, else an empty text."""
        match node:
            case ast.Name(id=id_):
                return self.known.get(id_, "")
            case ast.Attribute(value=value, attr=attr):
                return f"{found}.{attr}" if (found := self._dotted(value)) else ""
        return ""


@cache
def parsed(file: Path) -> ast.Module:
    """Return the syntax of a file; raise ``SyntaxError`` for what Python couldn't read either."""
    return ast.parse(file.read_bytes(), str(file))


@cache
def imported(file: Path) -> Mapping[str, str]:
    """Return the full path of what each imported name means, wherever it is imported."""
    tree = parsed(file)
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                found[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            found |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=made)], value=ast.Call(func=ast.Name(id=of))):
                found |= {made: found[of]} if found.get(of) in _LOGGERS else {}
    return found


def real_name(root: Path, name: str) -> str:
    """Return where a name is from that is imported through our own modules."""
    if name.startswith(IMPORT):
        return f"{IMPORT}{real_name(root, name.removeprefix(IMPORT))}"
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1) if parts[0] == OURS else ():
        module = root.joinpath(*parts[:length])
        for file in (module.with_suffix(".py"), module / "__init__.py"):
            if file.is_file():
                source = imported(file).get(parts[length])
                rest = parts[length + 1 :]
                return real_name(root, ".".join([source, *rest])) if source else name
    return name


def marks(value: object) -> Iterator[str]:
    """Yield what a text names that leads outside: an address, a variable of Lambda's, or code."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    if not isinstance(text, str):
        return
    for pattern in (_ADDRESS, _VARIABLE, _HIDDEN):
        yield from (f"'{found.group()}'" for found in pattern.finditer(text))
    for found in _CODE.finditer(text):
        if found.group(1) is None:
            yield f"'{found.group()}'"
        elif hasattr(builtins, found.group(1)):
            yield f"{BUILTINS}.{found.group(1)}"
