"""Which launch a definition is, to tell one that is configured already from a new one.

Belongs here: one digest of a redacted launch, the same whether the definition comes from the inventory or from a text
that a call would write.
Must not be here: the fingerprint of what would really run, with resolved programs and scripts (`launch.identity`), by
which launches are approved.
"""

import hashlib
import json
import re

from spawngate.model.artifact import Launch
from spawngate.model.observed import Observed
from spawngate.redact.artifact import Crossing
from spawngate.redact.redactor import Redactor

_MARK = re.compile(r"\[secret:[a-z0-9-]+:[0-9a-f]+\]")


def launch_identity(launch: Launch | None, home: str = "") -> str:
    """The digest; empty where there is no launch. Rotated secrets do not change it, variables do."""
    if launch is None or not (launch.command or launch.url):
        return ""
    fields = {
        "command": launch.command,
        "args": list(launch.args),
        "env": dict(launch.env),
        "cwd": launch.cwd,
        "url": launch.url,
        "header_names": list(launch.header_names),
        "env_file": launch.env_file,
        "header_command": launch.header_command,
    }
    text = json.dumps(fields, sort_keys=True)
    if home:
        text = text.replace(json.dumps(home.rstrip("/"))[1:-1], "~")
    return hashlib.sha256(_MARK.sub("[secret]", text).encode()).hexdigest()[:32]


def identity_of(observed: Observed, redactor: Redactor, home: str = "") -> str:
    """The digest of a raw definition."""
    artifact = Crossing(redactor, "").artifact(observed, home or None)[0]
    return launch_identity(artifact.launch, home)
