"""What an editor extension keeps in the VS Code family's `state.vscdb`: one JSON text per extension.

Format source: microsoft/vscode:src/vs/workbench/api/common/extHostMemento.ts; table `ItemTable`, key = the
extension's id as its manifest spells it.
Must not be here: what a particular extension keeps there.
"""

from collections.abc import Mapping

from spawngate.agents.document import Document
from spawngate.agents.formats import Format
from spawngate.agents.formats.jsontext import parse_json
from spawngate.model.json import Json


def memento(document: Document, key: str) -> Mapping[str, Json]:
    """The state kept under `key`; empty where there is none, with a note where it is no map."""
    text = document.map().get(key)
    if not isinstance(text, str) or not text.strip():
        return {}
    value, problems = parse_json(text, Format.JSON)
    for problem in problems:
        document.note(problem.reason, f"{key}: {problem.message}")
    if isinstance(value, Mapping):
        return value
    document.note("wrong-type", f"{key} is not a map")
    return {}
