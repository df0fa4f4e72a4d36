"""Environment files (`.env`) in an agent's own folder, which it loads before anything else.

Source: google-gemini/gemini-cli docs/reference/configuration.md (`.env` files); openai/codex loads
`~/.codex/.env` the same way.
The `.env` of a project belongs to the project's own programs; some agents load it all the same, and of it only what
reaches an agent's hooks is read here.
Must not be here: what a variable means (`agents.hooks.off_switches`, `rules`).
"""

import re
from collections.abc import Iterable, Iterator

from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.off_switches import set_in, switches_of
from spawngate.agents.readers.permissions import setting
from spawngate.model.observed import Topic

_NAME = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)")


def read_dotenv(document: Document) -> Iterable[Sighting]:
    """A switch `env.NAME` for each variable. Quotes around a value are dropped; expansion is not done."""
    for number, name, value in _variables(document, note=True):
        yield setting(document, Topic.SWITCH, f"env.{name}", value, f"line {number}")


def read_project_dotenv(document: Document) -> Iterable[Sighting]:
    """The same for those variables alone that take the agent's hooks away or load code into them."""
    switches = [item for item in switches_of(document.agent) if item.format is Format.TEXT]
    for number, name, value in _variables(document, note=False):
        if set_in(switches, {name: value}):
            yield setting(document, Topic.SWITCH, f"env.{name}", value, f"line {number}")


def _variables(document: Document, *, note: bool) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(document.text().splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        left, equals, right = line.partition("=")
        match = _NAME.fullmatch(left.strip())
        if match is None or not equals:
            if note:
                document.note("unknown-shape", f"line {number} sets no variable")
            continue
        name, value = match.group(1), right.strip()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'`":
            value = value[1:-1]
        yield number, name, value
