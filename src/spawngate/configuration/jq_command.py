"""The command lines of jq and yq: what they read, and what they print or change.

Belongs here: their options. Must not be here: their language (`configuration.jq`).
Sources: the manuals of jq 1.7 and of yq 4 by mikefarah, read 2026-11.
"""

import json
import re
from typing import Any

from spawngate.agents.formats import Format
from spawngate.agents.formats.jsontext import parse_json
from spawngate.agents.formats.yamltext import parse_yaml
from spawngate.command.spawn import Word
from spawngate.configuration import jq
from spawngate.configuration.files import Content, Unknown
from spawngate.configuration.shell import Run, to_bytes

_VALUES = {"--arg": 2, "--argjson": 2, "--slurpfile": 2, "--rawfile": 2, "--indent": 1, "-f": 1, "--from-file": 1}


def jq_command(run: Run, at: int) -> Content:
    """What jq prints: one program over its input, files or variables."""
    words = run.words(at)
    if isinstance(words, Unknown):
        return words
    variables: dict[str, Any] = {}
    program: str | None = None
    names: list[str] = []
    slurp = null = raw = False
    rest = iter(words)
    for word in rest:
        if word in _VALUES:
            given = [next(rest, "") for _ in range(_VALUES[word])]
            if word in ("-f", "--from-file"):
                return Unknown("expression")
            if word != "--indent":
                given_value = _variable(run, at, word, given[1])
                if isinstance(given_value, Unknown):
                    return given_value
                variables[given[0]] = given_value
        elif re.fullmatch(r"-[a-zA-Z]+", word):
            slurp, null = slurp or "s" in word, null or "n" in word
            raw = raw or "r" in word or "j" in word
            if "R" in word or "f" in word or ("e" not in word and set(word[1:]) - set("snrjcCMSae")):
                return Unknown("expression")
        elif word.startswith("--"):
            slurp, null, raw = slurp or word == "--slurp", null or word == "--null-input", raw or word == "--raw-output"
            if word not in ("--slurp", "--null-input", "--raw-output", "--compact-output", "--sort-keys", "--tab"):
                return Unknown("expression")
        elif program is None:
            program = word
        else:
            names.append(word)
    if program is None:
        return Unknown("expression")
    value: Any = None
    if not null:
        texts = [run.named(at, Word(name)) for name in names] if names else [run.input(at)]
        values: list[Any] = []
        for text in texts:
            parsed = _json(text)
            if isinstance(parsed, Unknown):
                return parsed
            values.append(parsed)
        if len(values) > 1 and not slurp:
            return Unknown("expression")
        value = values if slurp else values[0]
    try:
        result = jq.run(program, value, variables)
        shown = result if raw and isinstance(result, str) else json.dumps(result, indent=2)
    except (jq.NotUnderstood, ValueError, RecursionError):
        return Unknown("expression")
    return to_bytes(shown + "\n")


def _variable(run: Run, at: int, option: str, given: str) -> Any:
    if option == "--arg":
        return given
    if option == "--argjson":
        return _json(to_bytes(given))
    content = run.named(at, Word(given))
    if isinstance(content, Unknown):
        return content
    if option == "--rawfile":
        return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
    value = _json(content)
    return value if isinstance(value, Unknown) else [value]


def _json(content: Content) -> Any:
    """The value of strict JSON, as jq reads it."""
    if not isinstance(content, bytes):
        return content if isinstance(content, Unknown) else Unknown("malformed")
    value, problems = parse_json(content.decode("utf-8", "replace"), Format.JSON)
    return Unknown("malformed") if problems else value


def yq_command(run: Run, at: int) -> Content:
    """What `yq` prints, as mikefarah writes it: the program, then files; `-i` changes them. JSON is YAML too."""
    spawn = run.program.spawns[at]
    words = run.words(at)
    if isinstance(words, Unknown):
        run.spoil(at, words)
        return words
    in_place = any(re.fullmatch(r"-[a-zA-Z]*i[a-zA-Z]*|--inplace", word) for word in words)
    plain = [word for word in words if not word.startswith("-") and word not in ("eval", "e")]
    odd = [word for word in words if word.startswith("-") and word not in ("-i", "--inplace", "-y", "-P", "-iP")]
    if odd or not plain or len(plain) > 2:
        run.spoil(at, Unknown("expression"))
        return Unknown("expression")

    def changed(content: Content) -> Content:
        if not isinstance(content, bytes):
            return content if isinstance(content, Unknown) else Unknown("malformed")
        value, problems = parse_yaml(content.decode("utf-8", "replace"))
        if problems:
            return Unknown("malformed")
        try:
            return to_bytes(json.dumps(jq.run(plain[0], value), indent=2) + "\n")
        except (jq.NotUnderstood, ValueError, TypeError, RecursionError):
            return Unknown("expression")

    if len(plain) == 1:
        return changed(run.input(at))
    place = run.place(spawn, plain[1])
    result = changed(run.read(place))
    if in_place:
        run.files.write(place, result)
        return b""
    return result
