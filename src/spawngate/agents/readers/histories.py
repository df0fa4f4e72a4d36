"""Lists of past sessions and tasks, for the folders they were started in.

Must not be here: what was said in a session.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers import as_list
from spawngate.agents.readers.permissions import setting
from spawngate.model.json import Json
from spawngate.model.observed import Topic


def visited(document: Document, container: Json, pointer: str, field: str) -> Iterable[Sighting]:
    """The folders that `field` of the items names, as projects: each once, where it stands first.

    Items without the field are passed over quietly, as older sessions often lack it.
    """
    seen: dict[str, str] = {}
    for index, item in enumerate(as_list(document, container, pointer or "the document")):
        folder = item.get(field) if isinstance(item, Mapping) else None
        if isinstance(folder, str) and folder:
            seen.setdefault(folder, f"{pointer}[{index}].{field}")
    for folder, where in seen.items():
        yield setting(document, Topic.PROJECT, folder, True, where)
