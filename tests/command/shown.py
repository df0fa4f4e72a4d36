"""Spawns as short texts that hold every field which is not its default, for whole-value comparisons."""

from spawngate.command.spawn import Program, Redirect, Spawn, Word


def word(value: Word) -> str:
    """A word; `?` marks what is known only at run time, `*` a pattern, `@` whose output it holds."""
    marks = "?" * value.opaque + "*" * value.glob
    if value.spawns:
        marks += "@" + ",".join(map(str, value.spawns))
    text = value.text if value.text and not set(value.text) & set(" \n'") else repr(value.text)
    return f"{text}[{marks}]" if marks else text


def redirect(value: Redirect) -> str:
    """A redirection."""
    number = "" if value.descriptor < 0 else str(value.descriptor)
    return f"{number}{value.operator}{word(value.target) if value.target.text else repr(value.text)}"


def spawn(value: Spawn) -> str:
    """A spawn: assignments, words, redirections, then every further field that says something."""
    parts = [f"{name}={word(text)}" for name, text in value.assignments]
    parts += [word(one) for one in value.argv]
    parts += [redirect(one) for one in value.redirects]
    if value.reads_from:
        parts.append(f"<-{','.join(map(str, value.reads_from))}")
    if value.wrappers:
        parts.append(f"in:{'/'.join(value.wrappers)}")
    for name in ("via", "cwd", "remote", "container", "user", "code_language"):
        if text := getattr(value, name):
            parts.append(f"{name}:{text}")
    if value.code:
        parts.append(f"code:{value.code!r}")
    parts += [f"+{name}" for name in ("builtin", "background", "repeated", "appended") if getattr(value, name)]
    if value.opaque:
        parts.append(f"opaque:{','.join(value.opaque)}")
    return " ".join(parts)


def shown(program: Program) -> list[str]:
    """All spawns, and in front of them what of the whole is not known."""
    return [*(f"!{reason}" for reason in program.opaque), *map(spawn, program.spawns)]
