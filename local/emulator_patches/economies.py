"""What the emulator does again and again, done once: the same answers in less time.

These are no gaps. They were found by measuring the emulator under our tests, in which a table has
thousands of items and functions are started hundreds of times.
"""

import hashlib
import importlib
import re
import shutil
import tempfile
import time
import zipfile
from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

Item = dict[str, Any]
# Of an item, an expression, and the names that stand for others in it.
Project = Callable[[Item, str, dict[str, str] | None], Item]


def install() -> None:
    """Replace what takes the most time."""
    dynamodb: Any = importlib.import_module("ministack.services.dynamodb")
    # They depend on a text alone, and are called for each item.
    for name in ("_tokenize", "_condition_syntax_error", "_number_size_bytes"):
        setattr(dynamodb, name, lru_cache(maxsize=10_000)(getattr(dynamodb, name)))
    dynamodb._project_item = projecting(dynamodb._project_item)  # noqa: SLF001  # replaced
    dynamodb._apply_exclusive_start_key_scan = after  # noqa: SLF001  # replaced
    workers: Any = importlib.import_module("ministack.core.lambda_runtime")
    workers.zipfile = SimpleNamespace(**{**vars(zipfile), "ZipFile": Code})
    _receive_without_looking_at_all()


def after(items: list[Item], start: Item, table: Item) -> list[Item]:
    """Return the items after the key ``start``; they are in the order of their keys."""
    names = [name for name in (table["pk_name"], table["sk_name"]) if name]

    def key(item: Item) -> tuple[str, ...]:
        return tuple(next(iter(item[name].values())) for name in names)

    return items[bisect_right(items, key(start), key=key) :]


def projecting(project: Project) -> Project:
    """Return ``project`` that reads and checks an expression once, and not for each item."""

    @lru_cache(maxsize=1000)
    def attributes(expression: str, names: tuple[tuple[str, str], ...]) -> tuple[str, ...] | None:
        """Return what it names, or nothing if it names parts of attributes."""
        paths = [path.strip() for path in expression.split(",") if path.strip()]
        if not paths or re.search(r"[.\[]", expression):
            return None
        project({}, expression, dict(names))  # raises what is wrong with it
        return tuple(dict(names).get(path, path) for path in paths)

    def projected(item: Item, expression: str, names: dict[str, str] | None) -> Item:
        wanted = attributes(expression or "", tuple(sorted((names or {}).items())))
        if wanted is None:
            return project(item, expression, names)
        return {name: item[name] for name in wanted if name in item}

    return projected


class Code(zipfile.ZipFile):
    """A function's code, unpacked once for all its processes; on AWS none may change it."""

    def extractall(self, path: Any = None, *_: Any) -> None:
        """Let ``path``, an empty folder, be a link to where the code is."""
        digest = hashlib.sha256(Path(str(self.filename)).read_bytes()).hexdigest()
        shared = Path(tempfile.gettempdir(), f"code-{digest}")
        if not shared.exists():
            unpacked = tempfile.mkdtemp()
            super().extractall(unpacked)
            try:
                Path(unpacked).rename(shared)
            except OSError:  # another thread was faster
                shutil.rmtree(unpacked)
        Path(path).rmdir()
        Path(path).symlink_to(shared)


def _receive_without_looking_at_all() -> None:
    sqs: Any = importlib.import_module("ministack.services.sqs")
    collect = sqs._collect_msgs  # noqa: SLF001

    def collected(queue: Item, at_most: int, invisible_s: int) -> list[Item]:
        """Give the emulator no more messages than it is to return, not all in the queue."""
        if queue["is_fifo"]:
            return list(collect(queue, at_most, invisible_s))
        now, found = time.time(), []
        for message in queue["messages"]:
            if message["visible_at"] <= now:
                found.append(message)
            if len(found) == at_most:
                break
        return list(collect({**queue, "messages": found}, at_most, invisible_s))

    sqs._collect_msgs = collected  # noqa: SLF001
