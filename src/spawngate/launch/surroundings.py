"""What the endpoint saw beside a launch: files that would be found first, settings, ownership.

Belongs here: which places are worth a look (`places_of`) and the answer's shape. Must not be here: looking
(`endpoint.surroundings`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from spawngate.launch.argv import is_python, layers, program, word_set
from spawngate.launch.package import is_launcher, launched

NPMRC_KEYS = word_set("call script-shell registry node-options userconfig globalconfig prefix git")
"""Settings of an .npmrc that change what npx runs or where it comes from."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies around one launch. Empty where nobody looked."""

    npmrc: Mapping[str, str] = field(default_factory=dict)
    """Settings of the .npmrc in the working folder, names in lower case."""
    present: frozenset[str] = frozenset()
    """Those of `Places.shadows` that exist, relative to the working folder."""
    writable_by_others: tuple[str, ...] = ()
    """Those of `Places.run` that other users may write."""
    under_version_control: bool = False
    """The script lies in a git work tree."""


@dataclass(frozen=True, slots=True)
class Places:
    """Which places an endpoint would look at for one launch."""

    shadows: tuple[str, ...] = ()
    """Relative paths in the working folder that would run instead of what is named."""
    run: tuple[str, ...] = ()
    """Paths of the launch that are run: programs and scripts."""
    npmrc: bool = False
    """Whether an .npmrc of the working folder counts."""


NOTHING = Surroundings()


def places_of(command: str | None, args: tuple[str, ...]) -> Places:
    """The places to look at for `command args`. Pure and total."""
    if not command:
        return Places()
    shadows: dict[str, None] = {}
    run: dict[str, None] = {}
    npmrc = False
    for name, words in layers(command, args):
        kind = program(name)
        if re.search(r"[\\/]", name):
            run[name] = None
        if kind in ("npx", "npm"):
            npmrc = True
            target = launched(name, words) if is_launcher(name, words) else None
            if target:
                binary = re.sub(r"(?<=.)@[^/]*$", "", target[0]).rsplit("/", 1)[-1]
                if re.fullmatch(r"[\w.-]+", binary):
                    shadows[f"node_modules/.bin/{binary}"] = None
        elif is_python(kind):
            module = next((words[at + 1] for at, word in enumerate(words[:-1]) if word == "-m"), "")
            if re.fullmatch(r"[\w.]+", module):
                top = module.split(".")[0]
                shadows.update(dict.fromkeys((f"{top}.py", f"{top}/__init__.py", f"{top}/__main__.py")))
        if is_python(kind) or kind in ("node", "deno", "bun", "tsx", "sh", "bash", "zsh", "ruby", "perl", "php"):
            script = next((word for word in words if not word.startswith("-")), "")
            if any(re.match(r"-[a-zA-Z]*[cem]|--(?:eval|print|call|command)", word) for word in words):
                continue  # code or a module in place of a script
            if re.search(r"[\\/]|\.\w{1,4}$", script) and "://" not in script:
                run[script] = None
    return Places(tuple(shadows), tuple(run), npmrc)
