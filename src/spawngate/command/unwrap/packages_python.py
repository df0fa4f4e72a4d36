"""uv, uvx, pipx and pip: programs of packages, and code that an installation runs.

Sources: `uv run --help`, `uvx --help` and the tables of `launch.grammar.known`; `pipx run --help`; pip's
documentation on local, VCS and source installs.
Must not be here: which package that is and whether it is pinned (`launch.package`, rules).
"""

import re

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.containers import flags
from spawngate.command.unwrap.inner import Unwrapped
from spawngate.command.unwrap.options import Syntax, read
from spawngate.command.unwrap.packages import bare
from spawngate.launch.grammar import known

_UV = flags(known.UV_GLOBAL)
_UV_RUN = flags(known.UV_RUN)
_UVX = flags(known.UVX)


def uv(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """uv run, uv tool run, uvx, uv pip."""
    if name == "uvx":
        return _uvx(name, words, "")
    before = read(words, _UV)
    if not before.rest:
        return None
    command, args = before.rest[0].text, before.rest[1:]
    cwd = before.text("directory")
    if command == "tool" and args and args[0].text in ("run", "x"):
        return _uvx(name, args[1:], cwd)
    if command == "x":
        return _uvx(name, args, cwd)
    if command == "pip":
        return Unwrapped(name, starts.command((Word("pip"), *args), cwd=cwd))
    if command != "run":
        return None
    options = read(args, _UV_RUN)
    cwd = options.text("directory") or cwd
    rest = options.rest
    if options.has("m", "module"):
        module = options.last("m", "module")
        words = (Word("-m"), *((module,) if module is not None and module.text else ()), *rest)
        return Unwrapped(name, starts.command((Word("python"), *words), cwd=cwd), stays=True)
    if not rest:
        return None
    first = rest[0].text
    if first == "-" or re.search(r"\.pyw?$", first) or options.has("s", "script") or re.match(r"https?://", first):
        return Unwrapped(name, starts.command((Word("python"), *rest), cwd=cwd), stays=True)
    return Unwrapped(name, starts.command(rest, unknown=options.unknown, cwd=cwd), stays=True)


def _uvx(name: str, words: tuple[Word, ...], cwd: str) -> Unwrapped | None:
    options = read(words, _UVX)
    if not options.rest:
        return None
    first = Word(re.sub(r"(?:@|[=<>~!]=?|\[).*$", "", options.rest[0].text), options.rest[0].opaque)
    return Unwrapped(name, starts.command((first, *options.rest[1:]), unknown=options.unknown, cwd=cwd), stays=True)


_PIPX = flags(known.PIPX)


def pipx(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """pipx run."""
    rest = read(words, flags(known.PIPX_GLOBAL)).rest
    if not rest or rest[0].text != "run":
        return None
    options = read(rest[1:], _PIPX)
    if not options.rest:
        return None
    first = bare(options.rest[0])
    if re.search(r"\.pyw?$", options.rest[0].text) or options.has("path"):
        return Unwrapped(name, starts.command((Word("python"), *options.rest)), stays=True)
    first = Word(re.sub(r"[=<>~!\[].*$", "", first.text), first.opaque)
    return Unwrapped(name, starts.command((first, *options.rest[1:]), unknown=options.unknown), stays=True)


_PIP = Syntax(
    "r:c:e:t:i:f:C:UIqvhV",
    "requirement=/r constraint=/c editable=/e target=/t index-url=/i extra-index-url= find-links=/f config-settings=/C"
    " platform= python-version= implementation= abi= root= prefix= src= upgrade-strategy= global-option= build-option="
    " no-binary= only-binary= progress-bar= root-user-action= report= group= python= log= keyring-provider= proxy="
    " retries="
    " editor= timeout= exists-action= trusted-host= cert= client-cert= cache-dir= use-feature= use-deprecated= dest=/d"
    " wheel-dir=/w"
    " upgrade/U user no-deps pre force-reinstall ignore-installed/I quiet/q verbose/v help/h version/V",
    permutes=True,
)
_BUILT = re.compile(
    r"(?:[\w.\[\],-]+\s*@\s*)?(?:(?:git|hg|svn|bzr)\+|https?://|file:)|\.{1,2}(?:[/\\]|$)|[/~\\]|[^:]*\.(?:tar\.gz|tgz|zip|tar\.bz2)$"
)


def pip(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """pip install of a folder, an address or a source archive: its build code runs."""
    options = read(words, _PIP)
    editor = options.last("editor")
    if editor is not None and options.rest and options.rest[0].text == "config":
        return Unwrapped(name, starts.line(editor, appended=True), stays=True)
    if not options.rest or options.rest[0].text not in ("install", "wheel", "download"):
        return None
    specifiers = [*options.values("e"), *(word for word in options.rest[1:] if _BUILT.match(word.text))]
    inners = [starts.named(word) for word in specifiers if word.text and not word.text.endswith(".whl")]
    return Unwrapped(name, tuple(inners), stays=True) if inners else None
