"""Files that are artifacts by being there: plugins and tools written as scripts, start-up scripts, stores that are
not text.

They are recorded by presence, name and digest. Nothing here reads what they do, and nothing may ever run them.
Must not be here: hooks that are files (`readers.hooks.HookFile`), manifests (`readers.plugins`), and files whose text
can be read (`readers.texts`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers import observe, pure_path
from spawngate.model.artifact import Kind

_ENTRIES = ("index", "main", "mod")
"""File names that say nothing: the folder they lie in is the plugin."""
_INNER = ("package", "src", "dist", "lib")
"""Folders of a plugin that say nothing either."""


@dataclass(frozen=True, slots=True)
class Script:
    """One artifact per file, named by it: a plugin by its stem, what is no program by its whole name."""

    type: str = "script"
    """script (a plugin), tool (a tool for the model), startup (configuration that is a program), extension, ..."""
    kind: Kind = Kind.PLUGIN
    named_by_folder: bool = False
    """The folder's name is the artifact's, whatever the file is called."""

    def __call__(self, document: Document) -> Iterable[Sighting]:
        yield observe(
            document, self.kind, self._name(document.path), detail={"type": self.type}, content=document.digest
        )

    def _name(self, written: str) -> str:
        path = pure_path(written)
        if self.named_by_folder:
            return path.parent.name
        if self.kind is not Kind.PLUGIN:
            return path.name
        if path.stem in _ENTRIES:
            return next((folder.name for folder in path.parents if folder.name not in _INNER), path.stem)
        return path.stem


SCRIPT = Script()
TOOL = Script("tool")
STARTUP = Script("startup")
