"""python, uv, uvx, pipx and the Python tools that start other programs.

Sources: `python -h`, docs.python.org/3/using/cmdline.html (short options are written together, the value may be glued
on; `-E` and `-I` ignore PYTHON*; `-P` and `-I` keep the working folder out of the search path); `uv run --help`, `uvx
--help`; `pipx run --help`; module pages of pip, timeit, pdb, trace, cProfile, runpy, debugpy.
"""

import re

from spawngate.launch import paths
from spawngate.launch.argv import Grammar, is_python, program, word_set
from spawngate.launch.grammar import known
from spawngate.launch.grammar.bridges import bridge
from spawngate.launch.grammar.scan import Scanned, is_local, is_url, scan
from spawngate.launch.purl import from_pypi
from spawngate.launch.scene import Here, Scene

_FLAGS = frozenset("bBdEhiIOPqRsStuvVx?")
_VALUES = frozenset("cmWX")


def python(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """The interpreter and its own options."""
    scene.launcher("python", name, words, here)
    at, length = 0, len(words)
    isolated = safe = interactive = False
    code: str | None = None
    module: str | None = None
    warnings: list[tuple[str, str]] = []
    unknown: list[str] = []
    done = False
    if name == "py" and words and re.fullmatch(r"-\d(?:\.\d+)?(?:-\d+)?|-V:.*", words[0]):
        at = 1
    while at < length and not done:
        word = words[at]
        if word == "--":
            at += 1
            break
        if not word.startswith("-") or word == "-":
            break
        at += 1
        if word.startswith("--"):
            if word == "--check-hash-based-pycs":
                at += 1
            elif (
                not word.startswith("--check-hash-based-pycs=")
                and not word.startswith("--help")
                and word != "--version"
            ):
                unknown.append(word)
            continue
        for place, letter in enumerate(word[1:], start=1):
            if letter in _FLAGS:
                isolated = isolated or letter in "EI"
                safe = safe or letter in "PI"
                interactive = interactive or letter == "i"
                continue
            if letter not in _VALUES:
                unknown.append(word)
                break
            value = word[place + 1 :]
            if not value and at < length:
                value, at = words[at], at + 1
            if letter == "c":
                code, done = value, True
            elif letter == "m":
                module, done = value, True
            else:
                warnings.append((f"-{letter}", value))
            break
    scene.unknown_options(unknown)
    if not isolated:
        scene.acts(here, ("python", *(("python-interactive",) if interactive and at >= length else ())))
    for option, value in warnings:
        if (option == "-W" and "." in (value.split(":") + [""] * 3)[2]) or value.startswith(
            ("presite=", "pycache_prefix=")
        ):
            scene.notes.add("loads_code", f"{option} {value}")
    rest = words[at:]
    if code is not None:
        scene.inline("python", code, here)
        scene.server(rest, here)
    elif module is not None:
        _module(scene, module, rest, here, searches=not safe)
    elif rest and rest[0] == "-":
        scene.inline("python", "", here)
        scene.server(rest[1:], here)
    elif rest:
        _script(scene, rest[0], here)
        scene.server(rest[1:], here)
        inner = _INSTALLED.get(program(rest[0]))
        if inner and re.search(r"[\\/](?:bin|scripts)[\\/]", rest[0], re.IGNORECASE):
            scene.run(inner, rest[1:], here.inside())
        elif program(rest[0]) in ("mcp-proxy", "mcpo"):
            bridge(scene, program(rest[0]), rest[1:], here)
    elif not any(word in ("-V", "-VV", "--version", "-h", "--help", "-?") for word in words):
        # Standard input is the program: an agent's messages would be.
        scene.inline("python", "", here)


_INSTALLED = {"uvx": "uvx", "uv": "uv", "pipx": "pipx", "pip": "pip", "pip3": "pip"}


def _script(scene: Scene, path: str, here: Here) -> None:
    if is_url(path):
        scene.notes.mark("downloads_and_runs")
        if here.main:
            scene.notes.say("source", "url")
        return
    scene.script(path, here)
    if here.main and not here.contained:
        archive = re.search(r"\.(?:zip|pyz|pyzw|egg|whl)$", path, re.IGNORECASE) is not None
        folder = path.endswith(("/", "\\")) or path in (".", "..") or not re.search(r"\.\w+$", path)
        scene.notes.say("source", "local-archive" if archive else "local-folder" if folder else "local-script")


def _module(scene: Scene, module: str, rest: tuple[str, ...], here: Here, *, searches: bool) -> None:
    if searches and not here.contained:
        scene.notes.mark("searches_cwd")
    scene.server(rest, here)
    top = module.split(".")[0]
    if module in ("uv", "pipx", "uvx"):
        scene.run(module, rest, here.inside())
    elif module in ("pip", "pip3", "ensurepip", "easy_install", "setuptools", "build", "venv", "virtualenv", "conda"):
        if module in ("venv", "virtualenv"):
            scene.utility(here)
        else:
            scene.server((), here)
            pip(scene, module, rest, here.inside())
    elif module == "timeit":
        options = scan(rest, _TIMEIT)
        scene.inline("python", " ".join((*options.values("-s", "--setup"), *options.rest)), here)
    elif module in ("code", "idlelib", "asyncio", "pyrepl", "_pyrepl"):
        scene.inline("python", "", here)
    elif module in ("pdb", "trace", "cProfile", "profile", "runpy", "coverage", "viztracer", "pyinstrument", "scalene"):
        _behind(scene, module, rest, here)
    elif module in ("debugpy", "ptvsd", "pydevd"):
        _debugger(scene, rest, here)
    elif module in ("http.server", "zipapp", "compileall", "py_compile", "json.tool", "site", "sysconfig", "calendar"):
        scene.utility(here)
    elif module in ("unittest", "pytest", "nose", "tox", "nox", "invoke", "doit"):
        scene.notes.mark("runs_repository_script")
    elif module in ("uvicorn", "gunicorn", "hypercorn", "flask", "waitress"):
        scene.notes.mark("runs_repository_script", "searches_cwd")
    elif module in ("fastmcp", "fastmcp.cli", "mcp", "mcp.cli"):
        tool(scene, top, rest, here)
    elif module in ("mcp_proxy", "mcpo"):
        bridge(scene, module.replace("_", "-"), rest, here)
    if here.main and not here.contained:
        scene.notes.say("source", "local-script" if module.startswith(".") else "none")


_TIMEIT = Grammar(word_set("-n --number -r --repeat -s --setup -u --unit"), word_set("-p --process -v --verbose -h"))


def _behind(scene: Scene, module: str, rest: tuple[str, ...], here: Here) -> None:
    """Modules that run the script or module named behind them."""
    for at, word in enumerate(rest):
        if word == "-c" and module == "pdb" and at + 1 < len(rest):
            scene.inline("python", rest[at + 1], here)
        elif word in ("-m", "--module") and at + 1 < len(rest):
            _module(scene, rest[at + 1], rest[at + 2 :], here.inside(), searches=True)
            return
        elif not word.startswith("-") and (paths.looks_like_script(word) or word.endswith(".py")):
            _script(scene, word, here)
            scene.server(rest[at + 1 :], here)
            return
    if module == "runpy" and rest:
        _module(scene, rest[0], rest[1:], here.inside(), searches=True)


def _debugger(scene: Scene, rest: tuple[str, ...], here: Here) -> None:
    options = scan(rest, _DEBUGPY)
    listen = options.last("--listen", "--connect", "--host")
    if listen:
        host = listen.rpartition(":")[0] or ("" if listen.isdigit() else listen)
        scene.notes.say("debugger", "loopback" if host in ("", "localhost", "127.0.0.1", "::1") else listen)
    else:
        scene.notes.say("debugger", "loopback")
    if options.values("-c"):
        scene.inline("python", options.last("-c"), here)
    elif options.values("-m"):
        _module(scene, options.last("-m"), options.rest, here.inside(), searches=True)
    elif options.rest:
        _script(scene, options.rest[0], here)
        scene.server(options.rest[1:], here)


_DEBUGPY = Grammar(
    word_set("--listen --connect --host --port --pid --log-to -m -c --adapter-access-token --parent-session-pid"),
    word_set("--wait-for-client --configure-qt --log-to-stderr"),
)


def pip(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """pip and other installers of Python packages."""
    scene.launcher("pip", name, words, here)
    scene.acts(here, ("pip", "python"))
    command = next((word for word in words if not word.startswith("-")), "")
    if command in ("install", "wheel", "download", "sync") or name in (
        "ensurepip",
        "easy_install",
        "build",
        "setuptools",
    ):
        scene.notes.mark("runs_install")
        _sources(scene, words, here)
    elif command == "config":
        scene.notes.add("config_override", *words[1:])
    else:
        scene.utility(here)


_PIP = Grammar(
    word_set(
        """
        -r --requirement -c --constraint -e --editable -t --target --platform --python-version --implementation
        --abi --root --prefix --src --upgrade-strategy -C --config-settings --global-option --no-binary
        --only-binary --progress-bar --root-user-action --report --group -i --index-url --pypi-url --extra-index-url
        -f --find-links --python --log --keyring-provider --proxy --retries --timeout --exists-action --trusted-host
        --cert --client-cert --cache-dir --use-feature --use-deprecated --uploaded-prior-to
        """
    ),
    word_set(
        """
        -U --upgrade -q --quiet -v --verbose --user --no-deps --pre --force-reinstall -I --ignore-installed
        --no-index --no-cache-dir --isolated --require-virtualenv --no-input --break-system-packages --dry-run
        --no-build-isolation --use-pep517 --no-clean --require-hashes --compile --no-compile
        --disable-pip-version-check --no-color --prefer-binary --no-warn-script-location --no-warn-conflicts
        --no-python-version-warning --debug
        """
    ),
)


def _sources(scene: Scene, words: tuple[str, ...], here: Here) -> None:
    rest = words
    while rest:
        options = scan(rest, _PIP)
        _indexes(scene, options)
        for value in options.values("-e", "--editable"):
            _requirement(scene, value, here)
        if not options.rest:
            break
        if options.rest[0] not in ("install", "wheel", "download", "sync"):
            _requirement(scene, options.rest[0], here)
        rest = options.rest[1:]


_INDEX = word_set(
    """
    --index --default-index -i --index-url --extra-index-url -f --find-links --trusted-host --allow-insecure-host
    --pypi-url --proxy --cert
    """
)


def _indexes(scene: Scene, options: Scanned) -> None:
    scene.notes.add("registry_override", *(value or name for name, value in options.options if name in _INDEX))


def _requirement(scene: Scene, specifier: str, here: Here, *, extra: bool = False) -> None:
    """One requirement: where it comes from, and its package."""
    if is_local(specifier):
        if here.main and not extra:
            archive = re.search(r"\.(?:whl|zip|tar\.gz|tgz)$", specifier) is not None
            scene.notes.put("source", "local-archive" if archive else "local-folder")
        elif extra:
            scene.notes.add("extra_packages", specifier)
        scene.script(specifier.removeprefix("file://"), here)
        return
    purl = from_pypi(specifier)
    if purl and extra:
        scene.notes.add("extra_packages", purl)
    elif purl:
        scene.purl(purl, here)
    elif extra:
        scene.notes.add("extra_packages", specifier)


def uv(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """uv with a sub-command."""
    before = scan(words, known.UV_GLOBAL)
    rest = before.rest
    scene.acts(here, ("uv",))
    if rest[:2] in (("tool", "run"), ("tool", "uvx")):
        _uvx(scene, name, before, words, rest[2:], here)
    elif rest[:1] == ("run",):
        _uv_run(scene, name, before, words, rest[1:], here)
    elif rest[:1] in (("pip",), ("tool",)):
        scene.launcher(f"uv-{rest[0]}", name, words, here)
        if rest[1:2] in (("install",), ("sync",), ("upgrade",), ("compile",)):
            scene.notes.mark("runs_install")
            _sources(scene, rest[2:], here)
        else:
            scene.utility(here)
    elif rest[:1] in (("sync",), ("add",), ("build",), ("lock",)):
        scene.launcher(f"uv-{rest[0]}", name, words, here)
        scene.notes.mark("runs_install")
        _sources(scene, rest[1:], here)
    else:
        scene.launcher("uv", name, words, here)
        scene.utility(here)


def uvx(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """uvx."""
    scene.acts(here, ("uv",))
    _uvx(scene, name, Scanned((), ()), words, words, here)


def _uv_settings(scene: Scene, options: Scanned, here: Here) -> None:
    notes = scene.notes
    _indexes(scene, options)
    for option, value in options.options:
        if option == "--config-file":
            notes.add("config_override", f"--config-file {value}")
        elif option in ("--with-requirements", "--with-editable", "--constraints", "--overrides", "--override"):
            if option.startswith("--with"):
                notes.add("extra_packages", value)
            if option == "--with-editable":
                scene.script(value, here.inside(main=False))
            elif is_url(value):
                notes.add("registry_override", value)
        elif option in ("-w", "--with"):
            for specifier in known_requirements(value):
                _requirement(scene, specifier, here, extra=True)
        elif option in ("-p", "--python") and re.search(r"[\\/]", value):
            scene.script(value, here.inside(main=False))
            notes.add("loads_code", f"{option} {value}")
        elif option == "--env-file":
            notes.mark("env_file")


def known_requirements(value: str) -> tuple[str, ...]:
    """`a,b[x,y]>=1,<2` is two requirements: a comma inside brackets or before a comparison splits nothing."""
    found: list[str] = []
    piece = ""
    for part in value.split(","):
        joined = f"{piece},{part}" if piece else part
        if piece and not re.match(r"\s*[<>=!~]", part) and piece.count("[") == piece.count("]"):
            found.append(piece.strip())
            joined = part
        piece = joined
    if piece.strip():
        found.append(piece.strip())
    return tuple(found)


def _uvx(
    scene: Scene, name: str, before: Scanned, all_words: tuple[str, ...], words: tuple[str, ...], here: Here
) -> None:
    scene.launcher("uvx", name, all_words, here)
    scene.acts(here, ("uvx",))
    options = scan(words, known.UVX)
    _uv_settings(scene, before, here)
    _uv_settings(scene, options, here)
    scene.unknown_options((*before.unknown, *options.unknown))
    _uvx_target(scene, options, here)
    if options.unknown:
        other = scan(words, known.UVX, unknown_takes_value=True)
        if other.rest != options.rest:
            _uvx_target(scene, other, here.inside(main=False))


def _uvx_target(scene: Scene, options: Scanned, here: Here) -> None:
    source = options.last("--from")
    if source:
        _requirement(scene, source, here)
    if not options.rest:
        return
    first, args = options.rest[0], options.rest[1:]
    scene.server(args, here)
    bare = re.split(r"[@=<>\[]", first)[0]
    if is_python(bare):
        if here.main:
            scene.notes.say("source", "registry")
        scene.run(bare, args, here.inside())
        return
    if not source:
        _requirement(scene, first, here)
    if bridge(scene, bare, args, here):
        return
    if bare in ("fastmcp", "mcp"):
        tool(scene, bare, args, here)
    elif bare in _PYTHON_RUNNABLE or (source and program(bare) in _ANYWHERE):
        scene.run(bare, args, here.inside())


_PYTHON_RUNNABLE = word_set("uv uvx pipx ipython coverage debugpy nodeenv xonsh poetry pdm hatch rye invoke")
_ANYWHERE = word_set(
    "sh bash dash zsh cmd powershell pwsh node npx npm deno bun env perl ruby git curl wget timeout nice"
)


def tool(scene: Scene, name: str, args: tuple[str, ...], here: Here) -> None:
    """`fastmcp run` and `mcp run`: a script, a module of the working folder, or an address."""
    rest = args
    if rest[:1] in (("run",), ("dev",)):
        target = next((word for word in rest[1:] if not word.startswith("-")), "")
        if is_url(target):
            scene.notes.say("bridge", name)
            scene.address(target)
        elif target:
            scene.script(target.partition(":")[0] if not re.match(r"[A-Za-z]:[\\/]", target) else target, here)
    elif rest[:1] == ("install",):
        scene.notes.mark("runs_install")


def _uv_run(
    scene: Scene, name: str, before: Scanned, all_words: tuple[str, ...], words: tuple[str, ...], here: Here
) -> None:
    scene.launcher("uv-run", name, all_words, here)
    scene.acts(here, ("uv-run",))
    options = scan(words, known.UV_RUN)
    _uv_settings(scene, before, here)
    _uv_settings(scene, options, here)
    for value in (*before.values("--directory", "--project"), *options.values("--directory", "--project")):
        scene.script(value, here.inside(main=False))
    scene.unknown_options((*before.unknown, *options.unknown))
    purl = scene.package(name, all_words, here)
    _uv_target(scene, options, here, purl)
    if options.unknown:
        other = scan(words, known.UV_RUN, unknown_takes_value=True)
        if other.rest != options.rest:
            _uv_target(scene, other, here.inside(main=False), purl)


def _uv_target(scene: Scene, options: Scanned, here: Here, purl: str) -> None:
    if not options.rest:
        return
    first, args = options.rest[0], options.rest[1:]
    scene.server(args, here)
    if options.has("-m", "--module"):
        _module(scene, first, args, here.inside(), searches=True)
    elif first == "-":
        scene.inline("python", "", here)
    elif is_url(first):
        scene.notes.mark("downloads_and_runs")
        if here.main:
            scene.notes.put("source", "url")
    elif options.has("-s", "--script", "--gui-script") or re.search(r"\.pyw?$", first):
        if here.main:
            scene.notes.put("source", "local-script")
        scene.script(first, here)
    elif paths.program_path(first) != "bare" and re.search(r"\.(?:zip|pyz)$|[\\/]$|^\.{1,2}$", first):
        _script(scene, first, here)
    elif bridge(scene, first, args, here):
        pass
    elif first in ("fastmcp", "mcp"):
        tool(scene, first, args, here)
        if here.main and not purl:
            scene.notes.say("source", "local-folder")
    elif scene.knows(first):
        scene.run(first, args, here.inside())
    else:
        # A console script of the project or of a package that was added.
        scene.run_name(first, here)
        if here.main and not purl:
            scene.notes.say("source", "local-folder")


def pipx(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """pipx."""
    before = scan(words, known.PIPX_GLOBAL)
    rest = before.rest
    scene.acts(here, ("pipx", "python"))
    if rest[:1] != ("run",):
        scene.launcher(f"pipx-{rest[0]}" if rest else "pipx", name, words, here)
        if rest[:1] in (("install",), ("inject",), ("upgrade",), ("install-all",), ("reinstall",), ("runpip",)):
            scene.notes.mark("runs_install")
            _sources(scene, rest[1:], here)
        else:
            scene.utility(here)
        return
    scene.launcher("pipx-run", name, words, here)
    options = scan(rest[1:], known.PIPX)
    scene.unknown_options(options.unknown)
    _indexes(scene, options)
    for value in options.values("--pip-args"):
        inner = scan(tuple(value.split()), _PIP)
        _indexes(scene, inner)
        for requirement in (*inner.values("-e", "--editable"), *inner.rest):
            scene.notes.add("extra_packages", requirement)
    for value in options.values("--with"):
        _requirement(scene, value, here, extra=True)
    for value in options.values("--python"):
        if re.search(r"[\\/]", value):
            scene.notes.add("loads_code", f"--python {value}")
            scene.script(value, here.inside(main=False))
    if options.values("--python-args"):
        scene.run("python", (*options.last("--python-args").split(), "server.py"), here.inside(main=False))
    source = options.last("--spec")
    if source:
        _requirement(scene, source, here)
    if not options.rest:
        return
    first, args = options.rest[0], options.rest[1:]
    scene.server(args, here)
    if is_url(first) and not source:
        scene.notes.mark("downloads_and_runs")
        if here.main:
            scene.notes.put("source", "url")
    elif options.has("--path") or re.search(r"\.py$", first):
        if here.main:
            scene.notes.put("source", "local-script")
        scene.script(first, here)
    elif not source:
        _requirement(scene, first, here)
    bridge(scene, re.split(r"[@=<>\[]", first)[0], args, here)
