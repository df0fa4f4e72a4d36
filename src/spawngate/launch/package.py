"""The package that a launch would fetch or run, as a package URL (purl).

Belongs here: where each launcher names the package. The answer is None wherever the
line does not say: a local script, an unknown option in front of the package, several packages of which it is not
known which one runs. Nothing is guessed from names alone.
Must not be here: which options a launcher knows (`launch.grammar.known`), how specifiers are spelled as purls
(`launch.purl`), wrappers (`launch.argv`), other facts (`launch.understand`).
"""

import re
from collections.abc import Callable, Iterator, Sequence

from spawngate.launch.argv import Grammar, Parsed, is_python, layers, parse_options, program
from spawngate.launch.grammar.known import (
    BUN,
    DENO,
    DNX,
    DOCKER,
    DOCKER_GLOBAL,
    GO,
    GO_GLOBAL,
    NERDCTL_GLOBAL,
    NPM,
    NPM_EXEC,
    NPM_GLOBAL,
    PIPX,
    PIPX_GLOBAL,
    PNPM,
    PODMAN,
    PODMAN_GLOBAL,
    UV_GLOBAL,
    UV_RUN,
    UVX,
    YARN,
)
from spawngate.launch.purl import from_deno, from_go, from_image, from_npm, from_nuget, from_pypi


def package_of(command: str | None, args: Sequence[str]) -> str | None:
    """Purl of what `command args` would fetch and run; None where it names no package. Raises nothing.

    The version in the purl is what was written: a version, a tag such as `latest`, or a range.
    """
    if not command:
        return None
    for name, words in layers(command, args):
        found = _launcher(program(name), words)
        if found is not None:
            read, rest = found
            return read(rest)
    return None


_Read = Callable[[tuple[str, ...]], str | None]


def is_launcher(command: str, args: Sequence[str]) -> bool:
    """Whether the command is a program that fetches another one and runs it (npx, uvx, docker run and the like)."""
    return _launcher(program(command), tuple(args)) is not None


def launched(command: str, args: Sequence[str]) -> tuple[str, ...] | None:
    """What a launcher runs, without the launcher's own options: the package or the command of a package, then the
    words that it gets. None where the command is no launcher or its options are not understood."""
    found = _launcher(program(command), tuple(args))
    if found is None:
        return None
    read, words = found
    parsed = parse_options(words, _GRAMMARS[read])
    return parsed.rest if parsed is not None and parsed.rest else None


def _launcher(name: str, words: tuple[str, ...]) -> tuple[_Read, tuple[str, ...]] | None:
    """Which reader understands the line, and the words behind the sub-command."""
    if name in _DIRECT:
        return _DIRECT[name], words
    if is_python(name):
        if len(words) > 1 and words[0] == "-m" and words[1] in ("pipx", "uv"):
            return _launcher(words[1], words[2:])
        return None
    if name not in _SUBCOMMANDS:
        return None
    before, commands = _SUBCOMMANDS[name]
    parsed = parse_options(words, before)
    if parsed is None:
        return None
    for path, read in commands.items():
        if parsed.rest[: len(path)] == path:
            # npm and pnpm take `--package` in front of the sub-command as well.
            before_it = (f"--package={value}" for value in parsed.values("--package"))
            return read, (*before_it, *parsed.rest[len(path) :])
    return None


def _npm(words: tuple[str, ...]) -> str | None:
    return _javascript(parse_options(words, NPM), ("-p", "--package"))


def _npm_exec(words: tuple[str, ...]) -> str | None:
    # `-p` is `--parseable` here; only npx gives it another meaning. npm reads options up to `--`, also behind the
    # package: `npm exec good --package=other` fetches `other`.
    end = words.index("--") if "--" in words else len(words)
    options: list[tuple[str, str]] = []
    rest: list[str] = []
    head = words[:end]
    while head:
        parsed = parse_options(head, NPM_EXEC)
        if parsed is None:
            return None
        options.extend(parsed.options)
        rest.extend(parsed.rest[:1])
        head = parsed.rest[1:]
    return _javascript(Parsed(tuple(options), (*rest, *words[end + 1 :])), ("--package",))


def _pnpm(words: tuple[str, ...]) -> str | None:
    return _javascript(parse_options(words, PNPM), ("--package",))


def _yarn(words: tuple[str, ...]) -> str | None:
    return _javascript(parse_options(words, YARN), ("-p", "--package"))


def _bun(words: tuple[str, ...]) -> str | None:
    return _javascript(parse_options(words, BUN), ("-p", "--package"))


def _javascript(parsed: Parsed | None, package_options: tuple[str, ...]) -> str | None:
    if parsed is None:
        return None
    named = parsed.values(*package_options)
    if not named:
        return from_npm(parsed.rest[0]) if parsed.rest else None
    if len(named) == 1:
        return from_npm(named[0])
    # With several packages the command says which one runs, where it bears a package's name.
    wanted = [name for name in named if parsed.rest and _bare(name) == parsed.rest[0]]
    return from_npm(wanted[0]) if len(wanted) == 1 else None


def _bare(specifier: str) -> str:
    return re.sub(r"@[^/]*$", "", re.sub(r"^@[^/]*/", "", specifier))


def _uvx(words: tuple[str, ...]) -> str | None:
    parsed = parse_options(words, UVX)
    if parsed is None:
        return None
    source = parsed.values("--from")
    if source:
        return from_pypi(source[-1])
    if not parsed.rest or is_python(re.split(r"[@=<>]", parsed.rest[0])[0]):
        return None
    return from_pypi(parsed.rest[0])


def _uv_run(words: tuple[str, ...]) -> str | None:
    """`uv run` runs a command of the project or of an added package; only equal names tell which one it is."""
    parsed = parse_options(words, UV_RUN)
    if parsed is None or not parsed.rest or parsed.has("-s", "--script", "--gui-script"):
        return None
    runs = parsed.rest[0]
    if is_python(program(runs)) and parsed.rest[1:2] == ("-m",) and len(parsed.rest) > 2:
        runs = parsed.rest[2]
    runs = runs.split(".")[0] if parsed.has("-m", "--module") or runs != parsed.rest[0] else runs
    for value in parsed.values("-w", "--with"):
        for specifier in _split_requirements(value):
            found = from_pypi(specifier)
            if found is not None and _same_name(found, runs):
                return found
    return None


def _split_requirements(value: str) -> Iterator[str]:
    """`--with a,b[x,y]>=1,<2` is two requirements: a comma inside brackets or before a comparison splits nothing."""
    piece = ""
    for part in value.split(","):
        joined = f"{piece},{part}" if piece else part
        if piece and not re.match(r"\s*[<>=!~]", part) and piece.count("[") == piece.count("]"):
            yield piece
            joined = part
        piece = joined
    if piece:
        yield piece


def _same_name(purl: str, name: str) -> bool:
    found = re.fullmatch(r"pkg:(?:pypi|github/[^/]+)/([^@?#]+).*", purl)
    return found is not None and _normal(found[1]) == _normal(name)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.lower())


def _pipx(words: tuple[str, ...]) -> str | None:
    parsed = parse_options(words, PIPX)
    if parsed is None or parsed.has("--path", "--pypackages"):
        return None
    spec = parsed.values("--spec")
    if spec:
        return from_pypi(spec[-1])
    return from_pypi(parsed.rest[0]) if parsed.rest else None


def _docker(words: tuple[str, ...]) -> str | None:
    parsed = parse_options(words, DOCKER)
    return from_image(parsed.rest[0]) if parsed and parsed.rest else None


def _podman(words: tuple[str, ...]) -> str | None:
    parsed = parse_options(words, PODMAN)
    if parsed is None or not parsed.rest or parsed.has("--rootfs"):
        return None
    return from_image(parsed.rest[0])


def _dnx(words: tuple[str, ...]) -> str | None:
    """Options may follow the package too, up to `--` or the first word that is no option of dnx."""
    parsed = parse_options(words, DNX)
    if parsed is None or not parsed.rest:
        return None
    name, _, version = parsed.rest[0].partition("@")
    given = [*parsed.values("--version")]
    at = 1
    while at < len(parsed.rest) and parsed.rest[at] != "--":
        word, equals, value = parsed.rest[at].partition("=")
        if word in DNX.values:
            value = value if equals else "".join(parsed.rest[at + 1 : at + 2])
            at += 1 if equals else 2
            if word == "--version":
                given.append(value)
        elif word in DNX.flags:
            at += 1
        else:
            break
    return from_nuget(name, version or (given[-1] if given else None))


def _deno(words: tuple[str, ...]) -> str | None:
    parsed = parse_options(words, DENO)
    return from_deno(parsed.rest[0]) if parsed and parsed.rest else None


def _go(words: tuple[str, ...]) -> str | None:
    single = tuple(re.sub(r"^--(?=\w)", "-", word) for word in words)
    parsed = parse_options(single, GO)
    return from_go(parsed.rest[0]) if parsed and parsed.rest else None


_DIRECT: dict[str, _Read] = {"npx": _npm, "pnpx": _pnpm, "bunx": _bun, "uvx": _uvx, "dnx": _dnx}
_SUBCOMMANDS: dict[str, tuple[Grammar, dict[tuple[str, ...], _Read]]] = {
    "npm": (NPM_GLOBAL, {("exec",): _npm_exec, ("x",): _npm_exec}),
    "pnpm": (PNPM, {("dlx",): _pnpm}),
    "yarn": (YARN, {("dlx",): _yarn}),
    "bun": (BUN, {("x",): _bun}),
    "uv": (UV_GLOBAL, {("tool", "run"): _uvx, ("tool", "uvx"): _uvx, ("run",): _uv_run}),
    "pipx": (PIPX_GLOBAL, {("run",): _pipx}),
    "docker": (DOCKER_GLOBAL, {("run",): _docker, ("container", "run"): _docker}),
    "podman": (PODMAN_GLOBAL, {("run",): _podman, ("container", "run"): _podman}),
    "nerdctl": (NERDCTL_GLOBAL, {("run",): _docker, ("container", "run"): _docker}),
    "dotnet": (
        Grammar(frozenset()),
        {("tool", "exec"): _dnx, ("tool", "execute"): _dnx, ("dnx",): _dnx},
    ),
    "deno": (DENO, {("run",): _deno}),
    "go": (GO_GLOBAL, {("run",): _go}),
}
_GRAMMARS: dict[_Read, Grammar] = {
    _npm: NPM,
    _npm_exec: NPM_EXEC,
    _pnpm: PNPM,
    _yarn: YARN,
    _bun: BUN,
    _uvx: UVX,
    _uv_run: UV_RUN,
    _pipx: PIPX,
    _docker: DOCKER,
    _podman: PODMAN,
    _dnx: DNX,
    _deno: DENO,
    _go: GO,
}
