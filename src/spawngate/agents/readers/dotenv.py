"""Environment files (`.env`) in an agent's own folder, which it loads before anything else.

Source: google-gemini/gemini-cli docs/reference/configuration.md (`.env` files); openai/codex loads
`~/.codex/.env` the same way.
Must not be here: the `.env` of a project, which belongs to the project's own programs.
"""

import re
from collections.abc import Iterable

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers.permissions import setting
from spawngate.model.observed import Topic

_NAME = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)")


def read_dotenv(document: Document) -> Iterable[Sighting]:
    """A switch `env.NAME` for each variable. Quotes around a value are dropped; expansion is not done."""
    for number, line in enumerate(document.text().splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        left, equals, right = line.partition("=")
        match = _NAME.fullmatch(left.strip())
        if match is None or not equals:
            document.note("unknown-shape", f"line {number} sets no variable")
            continue
        name, value = match.group(1), right.strip()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'`":
            value = value[1:-1]
        yield setting(document, Topic.SWITCH, f"env.{name}", value, f"line {number}")
