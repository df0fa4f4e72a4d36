"""No planted secret leaves: random secrets in every field of every fixture, looked for in everything that comes out.

A field whose place says that it is a value (a variable, a header, a flag's value, an address's query) gets secrets of
every type, people's passwords too. Every other text, names and descriptions included, gets those that have a form.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest

from spawngate.agents import load_agent, load_surface
from spawngate.agents.document import Document, parse
from spawngate.agents.formats import Format
from spawngate.endpoint import files
from spawngate.endpoint.collect import Collector
from spawngate.redact import names
from spawngate.redact.artifact import Crossing
from spawngate.redact.redactor import Redactor
from tests.agents.golden import fixtures, scans
from tests.redact.generators import SECRET_TYPES

VALUE_KEYS = frozenset({"env", "environment", "envs", "headers", "http_headers", "requestInit"})
WEAK = frozenset({"plain-word", "passphrase", "word-password", "leet-password", "uuid-key", "symbol-password"})
FORMLESS = frozenset({"hex-16", "hex-32", "hex-40", "hex-64", "alphanumeric-24", "lower-alphanumeric-24"})
"""Types that look like digests, ids or names: hidden as values, kept where such things belong."""
STRONG = sorted(set(SECRET_TYPES) - WEAK - FORMLESS)
PARSED = (Format.JSON, Format.JSONC, Format.JSON5, Format.TOML, Format.YAML, Format.FRONTMATTER)
WINDOW = 10


class Planter:
    """Replaces every text of a document by a secret of its own, and remembers them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.planted: list[tuple[str, str, str]] = []

    def plant(self, value: Any, where: str = "", *, secret: bool = False) -> Any:
        if isinstance(value, dict):
            return {
                key: self.plant(item, f"{where}.{key}", secret=(secret and not _is_read(key)) or key in VALUE_KEYS)
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [self.plant(item, f"{where}[]", secret=secret) for item in value]
        if not isinstance(value, str) or where.endswith((".type", ".transport")):
            return value
        kind = self.random.choice(sorted(SECRET_TYPES) if secret else STRONG)
        made = SECRET_TYPES[kind](self.random)
        self.planted.append((where, kind, made))
        if secret:
            return made
        form = self.random.randrange(4)
        return (made, f"{value} {made}", f"{value} --api-key {made}", f"https://u:{made}@host.test/x")[form]


def _is_read(key: str) -> bool:
    """Whether a variable's value stays readable unless it looks like a secret: `TZ` may hold a plain word."""
    return names.is_harmless_env(key) or names.is_telling_env(key)


def leaks(text: str, planter: Planter) -> list[str]:
    """Places whose secret, or ten characters of it in a row, can be read in `text`."""
    found = []
    for where, kind, secret in planter.planted:
        windows = {secret[i : i + WINDOW] for i in range(max(1, len(secret) - WINDOW + 1))}
        shared = {window for window in windows if window in text}
        if shared and not _is_format(kind, shared):
            found.append(f"{where}: {kind} {secret!r} shows {sorted(shared)[0]!r}")
    return found


def _is_format(kind: str, windows: set[str]) -> bool:
    """Whether what shows is only the frame that every secret of the type has."""
    frames = ("-----BEGIN OPENSSH PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----", "Private-Lines:")
    return kind.endswith("key") and all(any(window.strip("-\n ") in frame for frame in frames) for window in windows)


def documents(kind: str, name: str) -> Iterator[tuple[Document, Any, Crossing]]:
    """Every parsed document of a fixture with its location's reader."""
    agent = load_agent(name) if kind == "agents" else load_surface(name)
    crossing = Crossing(Redactor(b"canary" * 6), "endpoint")
    for platform, collector, _ in scans(kind, name):
        assert isinstance(collector, Collector)
        for path, _, index, project in sorted(collector._kept):
            location = agent.locations[index]
            if location.format in PARSED:
                data = files.read(path)
                document = Document(
                    path, agent.id, location.scope, location.format, data, project=project or None, platform=platform
                )
                yield document, location.read, crossing


@pytest.mark.parametrize(("kind", "name"), fixtures(), ids=lambda value: value)
def test_no_planted_secret_comes_out(kind: str, name: str) -> None:
    planter = Planter(len(name))
    out: list[Any] = []
    for document, read, crossing in documents(kind, name):
        document.value()
        document._value = planter.plant(document._value)
        document.body = f"Use {SECRET_TYPES['github-token'](planter.random)}"
        document.notes.clear()
        parsed = parse(document, read)
        for observed in parsed.observed:
            assert "Observed" in repr(observed)
            out.extend(asdict(artifact) for artifact in crossing.artifact(observed, "/home/u"))
        for raw in parsed.settings:
            setting, secrets = crossing.setting(raw)
            out.extend([asdict(setting), *(asdict(artifact) for artifact in secrets)])
        out.extend(asdict(crossing.diagnostic(note)) for note in parsed.diagnostics)
    assert leaks(json.dumps(out, ensure_ascii=False), planter) == []


def test_the_search_finds_a_leak() -> None:
    planter = Planter(1)
    value = planter.plant({"env": {"A": "x", "B": "y"}, "name": "z"})
    assert len(planter.planted) == 3
    assert len(leaks(json.dumps(value), planter)) == 3
    assert leaks("nothing", planter) == []
