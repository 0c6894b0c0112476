"""What a module uses that is not its own, as names that a list can allow.

``json.loads`` is a name by its full path, through aliases, and through those of our own modules
that have imported it. A builtin is below ``builtins``. ``.__globals__`` is an attribute that leads
from anything to everything, ``'amazonaws.com'`` a text that names an address, a variable or code,
``os.environ to f`` what is handed over, as is ``aws_lambda_powertools.Logger() to f``, and ``log
.warning`` what a logger writes by, whoever has one. Where logs are written, every word counts:
``log raw``, and ``log (row)`` for a variable as a whole. What it is told as, a key of ``extra``, is
no word of what is read. ``module m`` is one of ours that is handed on as a value, ``set json.x``
what is changed of somebody else's, ``in class C`` an import that becomes an attribute, ``def
__eq__`` what Python calls by itself, ``.eq=`` what that keyword says, and ``a or b`` a name of two
meanings.
"""

import ast
import builtins
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from policies import patterns
from policies.scan.imports import IMPORT, LOGGERS, POWERTOOLS, imported, parsed, real_name

BUILTINS = "builtins"
LOG, SET, DEFINED = "log ", "set ", "def "
_TEXTS = {name: re.compile("|".join(each)) for name, each in patterns.beside(__file__).items()}


class Module:
    """One file, and what its imported names mean; ``root`` is where our own modules are.

    ``leading`` attributes lead on from an object, or act.
    """

    def __init__(self, file: Path, root: Path, leading: re.Pattern[str]) -> None:
        self._root, self._leading = root, leading
        tree = parsed(file)
        self.known = imported(file)
        nodes = [*ast.walk(tree)]
        said = (each.value for each in nodes if isinstance(each, ast.Expr))
        # A text that is a statement by itself does nothing.
        alone = {each for each in said if isinstance(each, ast.Constant)}
        self._nodes = [node for node in nodes if node not in alone]
        keywords = (node for node in self._nodes if isinstance(node, ast.keyword))
        extras = (each.value for each in keywords if each.arg == "extra")
        self._labels = {key for each in extras for key in getattr(each, "keys", ())}
        self._made = {*_made(tree)}
        self._bases = {node.value for node in nodes if isinstance(node, ast.Attribute)}
        self._parted = self._bases | {e.value for e in nodes if isinstance(e, ast.Subscript)}

    def uses(self, *, with_texts: bool = True) -> Iterator[tuple[str, int]]:
        """Yield each name that it uses, and the line; ``with_texts`` also of texts and logs."""
        given = self._given()
        writes_logs = any(name in self.known.values() for name in LOGGERS) and not given
        for node in self._nodes:
            line = getattr(node, "lineno", 0)
            for name in chain(self._names(node), self._reached(node)):
                yield given.get(node) or real_name(self._root, name), line
            if not with_texts:
                continue
            if isinstance(node, ast.Constant):
                yield from ((name, line) for name in marks(node.value))
            by = (f".{attr}" for attr in _attributes(node) if _TEXTS["logs"].fullmatch(attr))
            words = self._words(node) if writes_logs else by
            yield from ((f"{LOG}{word}", line) for word in words)

    def _names(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.Import(names=names):
                yield from (f"{IMPORT}{alias.name}" for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                whole = f"{IMPORT}{'.' * level}{module or ''}"
                yield from (f"{whole}.{alias.name}" for alias in names)
            case ast.ClassDef(name=name):
                inside = (isinstance(each, ast.Import | ast.ImportFrom) for each in _inside(node))
                yield from (f"in class {name}" for is_import in inside if is_import)
            case ast.Attribute(ctx=ctx) if node not in self._bases:
                changed = "" if isinstance(ctx, ast.Load) else SET
                yield from (f"{changed}{dotted}",) if (dotted := self._dotted(node)) else ()
            case ast.Call(func=func, keywords=keywords):
                if (dotted := self._dotted(func)).startswith(POWERTOOLS):
                    yield from (f"{dotted}({each.arg}=)" for each in keywords)
            case ast.Name(id=id_, ctx=ast.Load()) if id_ in self.known:
                yield from () if node in self._bases else (self.known[id_],)
            case ast.Name(id=id_, ctx=ast.Load()) if hasattr(builtins, id_) or id_[:2] == "__":
                yield f"{BUILTINS}.{id_}"
            case ast.FunctionDef(name=id_) | ast.Name(id=id_) if id_[:2] == "__":
                yield f"{DEFINED}{id_}"

    def _reached(self, node: ast.AST) -> Iterator[str]:
        """Yield the attributes here that lead on from an object, but those of the class itself."""
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr) if attr in self._made:
                return
            case ast.keyword(arg=str(attr)) if self._leading.fullmatch(f"{attr}="):
                yield f".{attr}="
        yield from (f".{attr}" for attr in _attributes(node) if self._leading.fullmatch(attr))

    def _words(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.Attribute() | ast.MatchClass():
                yield from _attributes(node)
            case ast.keyword(arg=str(word)):
                yield word
            case ast.Constant(value=str(word)) if " " not in word:
                yield from () if node in self._labels else (word,)
            case ast.Name(id=word, ctx=ast.Load()) if node not in self._parted:
                is_local = word not in self.known and not hasattr(builtins, word)
                yield from (f"({word})",) if is_local else ()

    def _given(self) -> Mapping[ast.AST, str]:
        """Return to what the environment or a logger is given as it is."""
        calls = [node for node in self._nodes if isinstance(node, ast.Call)]
        return {
            each: f"{given} to {self._dotted(call.func)}"
            for call in calls
            for each in call.args
            if (given := self._dotted(each)) == "os.environ" or given.endswith("()")
        }

    def _dotted(self, node: ast.expr) -> str:
        """Return the full path of an attribute of something imported, else an empty text."""
        match node:
            case ast.Name(id=id_):
                return self.known.get(id_, "")
            case ast.Attribute(value=value, attr=attr):
                return f"{found}.{attr}" if (found := self._dotted(value)) else ""
        return ""


def _attributes(node: ast.AST) -> Sequence[str]:
    """Return the attributes that are reached here, if any, also of modules."""
    match node:
        case ast.Attribute(attr=attr):
            return [attr]
        case ast.MatchClass(kwd_attrs=attrs):
            return attrs
        case ast.ImportFrom(names=names):
            return [each.name for each in names]
    return []


def _made(tree: ast.Module) -> Iterator[str]:
    """Yield the hidden names that the file itself gives to what it defines."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.FunctionDef(name=name)
                | ast.Name(id=name, ctx=ast.Store())
                | ast.Attribute(attr=name, ctx=ast.Store())
            ):
                yield name


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all of a class that is not in a function."""
    for each in ast.iter_child_nodes(node):
        if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield each
            yield from _inside(each)


def marks(value: object) -> Iterator[str]:
    """Yield what a text names that leads outside: an address, a variable of Lambda's, or code."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    if not isinstance(text, str):
        return
    for name in ("address", "variable", "hidden"):
        yield from (f"'{found.group()}'" for found in _TEXTS[name].finditer(text))
    for found in _TEXTS["code"].finditer(text):
        if found.group(1) is None:
            yield f"'{found.group()}'"
        elif hasattr(builtins, found.group(1)):
            yield f"{BUILTINS}.{found.group(1)}"
