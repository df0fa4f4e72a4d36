"""Container images that a project's files name: compose files, Dockerfiles and dev containers.

Sources: https://github.com/compose-spec/compose-spec (image, and interpolation `${NAME:-default}`),
https://docs.docker.com/reference/dockerfile (FROM, ARG, COPY --from), https://containers.dev/implementors/json_reference.
Must not be here: images of a server's launch, which the inventory has, and what an image contains.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from spawngate.advisories import pins
from spawngate.advisories.pins import Pin
from spawngate.agents.formats import Format, Problem
from spawngate.agents.formats.jsontext import parse_json
from spawngate.agents.formats.yamltext import parse_yaml

Rows = tuple[list[tuple[str, str, Pin]], list[Problem]]
_VARIABLE = re.compile(r"\$\{(\w+)(?::?([-+?])([^}]*))?\}|\$(\w+)")


def _image(reference: str, values: Mapping[str, str] | None = None) -> list[tuple[str, str, Pin]]:
    def fill(match: re.Match[str]) -> str:
        known = (values or {}).get(match[1] or match[4])
        return known or (match[3] if match[2] == "-" else "") or match[0]

    found = pins.from_image(_VARIABLE.sub(fill, reference.strip()))
    return [("image", *found)] if found else []


def compose(text: str) -> Rows:
    """A compose file: the image of each service."""
    value, problems = parse_yaml(text)
    services = value.get("services") if isinstance(value, Mapping) else None
    if services is None and isinstance(value, Mapping):
        services = value  # the first version of the format had services at the top
    rows: list[tuple[str, str, Pin]] = []
    for service in services.values() if isinstance(services, Mapping) else ():
        image = service.get("image") if isinstance(service, Mapping) else None
        if isinstance(image, str):
            rows.extend(_image(image))
    return rows, list(problems)


def dockerfile(text: str) -> Rows:
    """A Dockerfile: base images, images that files are copied from, and packages with exact versions in `RUN` lines."""
    rows: list[tuple[str, str, Pin]] = []
    values: dict[str, str] = {}
    stages: set[str] = set()
    for line in re.sub(r"[\\`]\r?\n", " ", text).splitlines():
        words = line.split()
        if not words:
            continue
        match words[0].upper():
            case "ARG" if len(words) > 1 and "=" in words[1]:
                name, _, default = words[1].partition("=")
                values[name] = default.strip("\"'")
            case "FROM":
                named = [word for word in words[1:] if not word.startswith("--")]
                if named and named[0].lower() not in stages and named[0] != "scratch":
                    rows.extend(_image(named[0], values))
                if len(named) > 2 and named[1].upper() == "AS":
                    stages.add(named[2].lower())
            case "COPY" | "ADD" | "RUN":
                for word in words[1:]:
                    source = re.fullmatch(r"--(?:from=|mount=.*\bfrom=)([^,\s]+).*", word)
                    if source and source[1].lower() not in stages and not source[1].isdigit():
                        rows.extend(_image(source[1], values))
                if words[0].upper() == "RUN":
                    rows.extend(_installed(line))
    return rows, []


def _installed(line: str) -> Iterator[tuple[str, str, Pin]]:
    """Packages with an exact version that a shell line installs."""
    for part in re.split(r"&&|\|\||;", line):
        if re.search(r"\b(?:pip3?|uv|pipx)\b.*\binstall\b|\buv\b.*\badd\b", part):
            for name, version in re.findall(r"[\s'\"]([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([\w.!+-]+)", part):
                yield "PyPI", name, pins.exact(version)
        elif re.search(r"\b(?:npm|pnpm|yarn|bun)\b.*\b(?:i|install|add)\b", part):
            for name, version in re.findall(r"[\s'\"]((?:@[\w.-]+/)?[\w.-]+)@(\d[\w.+-]*)", part):
                yield "npm", name, pins.from_npm(version)


def devcontainer(text: str) -> Rows:
    """A dev container definition: its image."""
    value, problems = parse_json(text, Format.JSONC)
    image: Any = value.get("image") if isinstance(value, Mapping) else None
    return (_image(image) if isinstance(image, str) else []), list(problems)
