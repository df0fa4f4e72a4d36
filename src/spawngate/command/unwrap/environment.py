"""env, and programs that prepare variables for the command behind them: dotenv, direnv, mise, op, doppler and others.

Sources: env(1) and coreutils:src/env.c (the escapes and quotes of `-S`, which builds words from one word and puts
options and assignments among them; `#` begins a comment where a word would; `${NAME}` is the only expansion; `\\c`
ends the text), FreeBSD env(1) (`-P`, `-S`), READMEs of cross-env, dotenv-cli, env-cmd, direnv, mise, asdf, nvm,
conda, 1Password CLI, doppler, infisical, aws-vault, chamber, sops, nix.
Must not be here: wrappers that set nothing (`plain`).

"""

import re

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.options import Syntax, cut, read
from spawngate.command.unwrap.plain import Plain, unwrapped

_ENV = Syntax(
    "a:C:iS:u:vP:0L:U:",
    "argv0=/a ignore-environment/i null/0 unset=/u chdir=/C default-signal? ignore-signal? block-signal?"
    " list-signal-handling split-string=/S debug/v help version",
)
MAX_SPLITS = 8
"""`-S` inside `-S`: each gives further words, and nobody nests them."""


def env(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """env."""
    rest = words
    unset: list[str] = []
    unknown: list[str] = []
    cwd = ""
    opaque: tuple[str, ...] = ()
    for _ in range(MAX_SPLITS):
        at = _split_at(rest)
        options = read(rest if at is None else rest[:at], _ENV)
        if options.has("help", "version"):
            return None
        unknown += options.unknown
        unset += [value.text for value in options.values("u")]
        cwd = options.text("C") or cwd
        if at is None:
            rest = options.rest
            break
        whole, behind = _split_value(rest, at)
        split = split_string(whole)
        rest = (*split, *behind)
        if not split and whole.text.strip():
            opaque = ("code",)
    else:
        opaque = ("options",)
    while rest and rest[0].text == "-":
        rest = rest[1:]
    # A variable of ours that is taken away counts like one that is set.
    assignments: list[tuple[str, Word]] = [(key, Word("")) for key in unset if key.startswith("SPAWNGATE_")]
    while rest and re.match(r"[^=\s-][^=]*=", rest[0].text):
        key, _, value = rest[0].text.partition("=")
        assignments.append((key, Word(value, rest[0].opaque, rest[0].glob, rest[0].spawns)))
        rest = rest[1:]
    if not rest:
        return Unwrapped(name, (Inner(opaque=opaque),)) if opaque else None
    return Unwrapped(
        name, starts.command(rest, unknown=unknown, assignments=tuple(assignments), cwd=cwd, opaque=opaque)
    )


def _split_at(words: tuple[Word, ...]) -> int | None:
    """Place of the first word with `-S`, whatever letters stand before it; None where there is none among the
    options."""
    at = 0
    while at < len(words):
        text = words[at].text
        if text == "--" or len(text) < 2 or text[0] != "-":
            return None
        if text.startswith("--"):
            found = _ENV.named(text[2:].partition("=")[0])
            if found == (1, "S"):
                return at
            at += 2 if found is not None and found[0] == 1 and "=" not in text else 1
            continue
        for place in range(1, len(text)):
            letter = text[place]
            if letter == "S":
                return at
            if _ENV.letters.get(letter) == 1:
                at += 0 if place + 1 < len(text) else 1
                break
        at += 1
    return None


def _split_value(words: tuple[Word, ...], at: int) -> tuple[Word, tuple[Word, ...]]:
    """The value of the `-S` at this place, and the words behind it."""
    word = words[at]
    text = word.text
    start = text.index("=") + 1 if text.startswith("--") and "=" in text else 0
    if not text.startswith("--"):
        start = text.index("S") + 1
    if start and start < len(text):
        return Word(text[start:], word.opaque, word.glob, word.spawns), words[at + 1 :]
    if start and text.startswith("--"):
        return Word(""), words[at + 1 :]
    return (words[at + 1] if at + 1 < len(words) else Word("")), words[at + 2 :]


_ESCAPES = {"f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "#": "#", "$": "$", "_": " ", '"': '"', "'": "'"}


def split_string(word: Word) -> tuple[Word, ...]:
    """The words that env makes of the text of `-S`. A text it would refuse gives what it held so far."""
    found: list[Word] = []
    part: list[str] = []
    quote = ""
    started = opaque = False
    text = word.text
    at, length = 0, len(text)
    while at < length:
        letter = text[at]
        at += 1
        if letter == "\\" and quote != "'":
            escape = text[at : at + 1]
            at += 1
            if escape == "c":
                break
            if escape == "_" and not quote:
                if started:
                    found.append(Word("".join(part), opaque or word.opaque))
                part, started, opaque = [], False, False
                continue
            part.append(_ESCAPES.get(escape, escape))
            started = True
        elif letter == "\\" and text[at : at + 1] in ("'", "\\"):
            part.append(text[at])
            at, started = at + 1, True
        elif quote:
            if letter == quote:
                quote = ""
            elif letter == "$" and quote == '"':
                at, opaque = _variable(text, at, part), True
            else:
                part.append(letter)
        elif letter in "'\"":
            quote, started = letter, True
        elif letter in " \t\n\r\f\v":
            if started:
                found.append(Word("".join(part), opaque or word.opaque))
            part, started, opaque = [], False, False
        elif letter == "#" and not started:
            break
        elif letter == "$":
            at, started, opaque = _variable(text, at, part), True, True
        else:
            part.append(letter)
            started = True
    if started:
        found.append(Word("".join(part), opaque or word.opaque))
    return tuple(found)


def _variable(text: str, at: int, part: list[str]) -> int:
    """Keep `${NAME}` as it is written; the place behind it."""
    match = re.compile(r"\{[A-Za-z_]\w*\}").match(text, at)
    end = match.end() if match else at
    part.append("$" + text[at:end])
    return end


_DOTENV = Plain(
    Syntax(
        "e:f:c:v:p:oi",
        "file=/f env=/e debug override/o overload/o ignore no-expand/i quiet/q",
    ),
    assigns=True,
)
PREPARED: dict[str, tuple[frozenset[str], Plain, bool]] = {}
"""By program: the sub-commands that run a command (none: always), the wrapper, whether `--` must stand before it."""


def _add(names: str, sub: str, wrapper: Plain, dashes: bool = False) -> None:
    for name in names.split():
        PREPARED[name] = (frozenset(sub.split()), wrapper, dashes)


_add("cross-env", "", Plain(assigns=True))
_add("dotenv", "run", _DOTENV)
_add("dotenvx", "run", Plain(Syntax("f:e:oq", "env-file=/f env=/e env-keys-file=/fk overload/o quiet/q", fuzzy=False)))
_add("dotenv-cli", "", _DOTENV)
_add("env-cmd", "", Plain(Syntax("f:e:r:x", "file=/f environments=/e rc-file=/r fallback no-override silent"
    " use-shell expand-envs/x recursive verbose", fuzzy=False)))  # fmt: skip
_add("op", "run", Plain(Syntax("", "env-file= account= no-masking session= cache format= iso-timestamps", fuzzy=False)))
_add(
    "doppler",
    "run",
    Plain(
        Syntax("p:c:t:", "project=/p config=/c token=/t command= mount= mount-format= mount-template= scope="
            " name-transformer= preserve-env fallback= no-fallback only-secrets= forward-signals watch"
            " silent", fuzzy=False),
        text="command",
    ),
)  # fmt: skip
_add(
    "infisical",
    "run",
    Plain(Syntax("e:c:", "env=/e path= projectId= token= command=/c tags= watch expand"
        " include-imports", fuzzy=False), text="c"),
)  # fmt: skip
_add("direnv", "exec", Plain(operands=1))
_add(
    "mise rtx",
    "exec x",
    Plain(Syntax("c:C:j:qy", "command=/c cd=/C jobs=/j raw no-prepare fresh-env quiet/q"
        " yes/y", fuzzy=False), text="c", cwd="C"),
    True,
)  # fmt: skip
_add("asdf", "exec", Plain())
_add("volta", "run", Plain(Syntax("", "node= npm= pnpm= yarn= bundled-npm no-pnpm no-yarn env=", fuzzy=False)))
_add("fnm", "exec", Plain(Syntax("", "using= log-level= fnm-dir=", fuzzy=False)))
_add("nodenv pyenv rbenv goenv tfenv jenv", "exec", Plain())
_add(
    "nvm",
    "exec",
    Plain(Syntax("s", "silent/s lts?", fuzzy=False), optional=r"v?\d[\d.]*|node|stable|default|lts/\S+|current|system"),
)
_add(
    "conda mamba micromamba",
    "run",
    Plain(
        Syntax("n:p:r:a:v", "name=/n prefix=/p cwd= root-prefix=/r attach=/a no-capture-output live-stream detach/d"
            " env=/e debug-wrapper-scripts dev clean-env verbose/v", fuzzy=False),
        cwd="cwd",
    ),
)  # fmt: skip
_add(
    "pixi",
    "run exec",
    Plain(Syntax("e:s:qv", "environment=/e manifest-path= frozen locked spec=/s with= clean-env", fuzzy=False)),
)
_add(
    "poetry",
    "run",
    Plain(Syntax("C:P:qnv", "directory=/C project=/P no-plugins no-cache quiet/q verbose/v", fuzzy=False), cwd="C"),
)
_add("pipenv", "run", Plain())
_add("pdm", "run", Plain(Syntax("p:sv", "project=/p venv= site-packages/s list/l json/j", fuzzy=False), idle="l j"))
_add("hatch", "run", Plain(Syntax("e:f:i:x:", "env=/e force-continue ignore-compat", fuzzy=False), joined=False))
_add("rye", "run", Plain(Syntax("p:l", "pyproject=/p list/l", fuzzy=False), idle="l"))
_add("bundle", "exec", Plain(Syntax("", "keep-file-descriptors gemfile=", fuzzy=False)))
_add(
    "aws-vault",
    "exec",
    Plain(Syntax("d:t:nj", "duration=/d mfa-token=/t region= backend= no-session/n json/j ec2-server/s ecs-server"
        " lazy stdout server", fuzzy=False), operands=1, bare=True),
)  # fmt: skip
_add("aws-okta saml2aws chamber", "exec", Plain(dashes=True))
_add("teller", "run", Plain(Syntax("c:", "config=/c reset shell", fuzzy=False)))
_add("vaultenv", "", Plain(Syntax("", "host= port= token= secrets-file= addr= no-connect-tls", fuzzy=False)))
_add(
    "devbox",
    "run",
    Plain(Syntax("c:e:q", "config=/c env=/e env-file= pure quiet/q list/l environment=", fuzzy=False), idle="l"),
)
_add("rustup", "run", Plain(Syntax("", "install"), operands=1))
_add("rvm", "do exec", Plain())
_add("opam", "exec", Plain(Syntax("y", "switch= set-switch set-root root=", fuzzy=False)))
_add("stack cabal", "exec", Plain(Syntax("v", "stack-yaml= resolver= package=", fuzzy=False)))
_add("honcho foreman", "run", Plain(Syntax("e:f:d:", "env=/e procfile=/f app-root=/d", fuzzy=False)))
_add("railway", "run", Plain(Syntax("e:s:", "environment=/e service=/s", fuzzy=False)))
_add("berglas aws-sso granted", "exec", Plain(Syntax("", "local", fuzzy=False)))
_add(
    "devcontainer",
    "exec",
    Plain(Syntax("", "workspace-folder= container-id= config= remote-env= id-label= docker-path=", fuzzy=False)),
)
_add("dagger", "run", Plain(Syntax("s", "silent/s progress= focus", fuzzy=False)))
_add("spawngate", "launch", Plain(Syntax("", "id= server= agent= policy= scope=", fuzzy=False)))


def prepared(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """A program of the table: the options before a sub-command are those behind it."""
    subs, wrapper, dashes = PREPARED[name]
    if not subs:
        return unwrapped(name, words, wrapper)
    before = read(words, wrapper.syntax)
    if not before.rest or before.rest[0].text not in subs:
        if name == "dotenv" and before.rest:
            # dotenv-cli of npm has no sub-command.
            return unwrapped(name, words, wrapper)
        return None
    # The same options stand in front of the sub-command and behind it.
    rest = (*words[: len(words) - len(before.rest)], *before.rest[1:])
    if name == "hatch" and before.rest[1:]:
        # `hatch run ENVIRONMENT:COMMAND`
        first = before.rest[1]
        rest = (cut(first, first.text.find(":") + 1), *before.rest[2:])
    if dashes or wrapper.dashes:
        options = read(rest, wrapper.syntax)
        at = next((place for place, word in enumerate(rest) if word.text == "--"), None)
        if at is not None and not options.has("c"):
            return Unwrapped(name, starts.command(rest[at + 1 :]))
        if wrapper.dashes:
            return None
    return unwrapped(name, rest, wrapper)


def shell_line(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """cross-env-shell and `sops exec-env FILE`: the words are a line for a shell."""
    if name == "sops":
        options = read(words, Syntax("", "user= background pristine same-process", fuzzy=False, permutes=True))
        if len(options.rest) < 3 or options.rest[0].text not in ("exec-env", "exec-file"):
            return None
        return Unwrapped(name, starts.joined(options.rest[2:], user=options.text("user")))
    assignments, rest = starts.assigned(words)
    return Unwrapped(name, starts.joined(rest, assignments=assignments)) if rest else None


_NIX = Syntax(
    "c:p:A:I:E:f:",
    "command=/c run=/c packages=/p attr=/A pure impure keep= unset= ignore-environment/i expr= file= arg= argstr="
    " extra-experimental-features= experimental-features= option= inputs-from= override-input= profile=",
    permutes=True,
    fuzzy=False,
)


def nix(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """nix-shell --run LINE, nix shell|develop|run ... --command WORDS, nix run ... -- WORDS, guix shell -- WORDS."""
    if name == "nix-shell":
        options = read(words, _NIX)
        line = options.last("c", "command", "run")
        return Unwrapped(name, starts.line(line), stays=True) if line is not None else None
    texts = [word.text for word in words]
    if name == "nix" and texts[:1] and texts[0] in ("shell", "develop", "run", "env"):
        for at, text in enumerate(texts):
            if text in ("-c", "--command"):
                return Unwrapped(name, starts.command(words[at + 1 :]), stays=True)
        return None
    if name == "guix" and texts[:1] and texts[0] in ("shell", "environment", "time-machine") and "--" in texts:
        return Unwrapped(name, starts.command(words[texts.index("--") + 1 :]), stays=True)
    return None
