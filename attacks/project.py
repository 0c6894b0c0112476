"""A copy of the project in which one attack is planted, and the original that it is a copy of.

Only what an attack touches is copied, so hundreds of them take seconds.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import naming
from policies import register
from policies.changes import documents
from policies.register import Waiver
from policies.templates import assembly
from policies.templates.template import StackTemplate

ROOT = Path(__file__).resolve().parents[1]
PRIMARY, STANDBY = naming.stage(naming.PRIMARY), naming.stage(naming.STANDBY)
PIPELINE, ARTIFACTS, BOOTSTRAP, ASSEMBLY = "pipeline", "artifacts", "bootstrap", "assembly"
# It is a parameter of a stack, and is planted like a section of the template.
PROTECTION = "TerminationProtection"


@dataclass(frozen=True, eq=False, kw_only=True)
class Original:
    """The project as it is: the ``stacks`` in ``folder`` by short names, and the sources of them.

    A stack goes by its stage, or by what it is for.
    """

    folder: Path
    stacks: Mapping[str, StackTemplate]

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Return the project with the assembly in ``folder``, or raise ``Undetermined``."""
        found = assembly.read(folder).stacks
        return cls(folder=folder, stacks={each.stage or _name(each): each for each in found})

    @cached_property
    def waivers(self) -> Sequence[Waiver]:
        return register.load()

    @cached_property
    def documents(self) -> Mapping[str, StackTemplate]:
        """What is compared beside the stacks, and made of the assembly."""
        return dict(zip((BOOTSTRAP, ASSEMBLY), documents.made(ROOT, self.folder), strict=True))

    def find(self, name: str) -> StackTemplate:
        """Return a stack or document by its short name."""
        return self.stacks[name] if name in self.stacks else self.documents[name]


@dataclass
class Copy:
    """What an attack has made of the original; ``files`` that it removed are None.

    Those among ``programs`` get the mode of one. If it is ``elsewhere``, the original's stacks
    stand for those under other settings.
    """

    original: Original
    templates: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, str | None] = field(default_factory=dict)
    programs: set[str] = field(default_factory=set)
    elsewhere: bool = False

    def template(self, name: str) -> dict[str, Any]:
        """Return the template of a stack or document, to be changed."""
        if name not in self.templates:
            # A template is JSON, and this is the fastest copy of it.
            self.templates[name] = json.loads(json.dumps(self.original.find(name).template))
        return self.templates[name]

    def logical_id(self, name: str, at: str) -> str:
        """Return the id of a resource by its construct path below the stack, or by the id itself.

        Raises:
            LookupError: the stack has none there.

        """
        stack = self.original.find(name)
        for each in stack.resources():
            below = each.path.removeprefix(f"{stack.path}/").removesuffix("/Resource")
            if at in (below, each.logical_id):
                return each.logical_id
        raise LookupError(f"{stack.path} has no resource at {at!r}")

    def resource(self, name: str, at: str) -> dict[str, Any]:
        """Return the body of a resource, to be changed."""
        body: dict[str, Any] = self.template(name)["Resources"][self.logical_id(name, at)]
        return body

    def read(self, file: str) -> str:
        """Return the text of a file, by its path in the project."""
        text = self.files[file] if file in self.files else (ROOT / file).read_text()
        if text is None:
            raise FileNotFoundError(file)
        return text

    def write(self, file: str, text: str) -> None:
        """Write a file of the copy."""
        self.files[file] = text

    def delete(self, file: str) -> None:
        """Remove a file of the copy; it must be there."""
        self.read(file)
        self.files[file] = None

    def after(self, name: str) -> StackTemplate:
        """Return a stack or document as the attack leaves it."""
        before = self.original.find(name)
        if name not in self.templates:
            return before
        template = dict(self.templates[name])
        protected = template.pop(PROTECTION, before.termination_protected)
        return replace(before, template=template, termination_protected=protected is True)

    def lay_out(self, folder: Path, *, before: bool = False) -> Path:
        """Write the files that the attack touches, or what they were ``before``, to ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, new in self.files.items():
            source = ROOT / name
            was = source.read_bytes() if before and source.is_file() else None
            content = was if before or new is None else new.encode()
            if content is not None:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
                if name in self.programs and not before:
                    (folder / name).chmod(0o755)
        return folder


def _name(stack: StackTemplate) -> str:
    return PIPELINE if stack.path == naming.PIPELINE else ARTIFACTS
