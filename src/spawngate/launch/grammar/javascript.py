"""node, tsx, ts-node, bun, deno.

Sources: `node --help` (20) and https://nodejs.org/api/cli.html: underscores count as dashes, `-pe` is an option of its
own, letters are not written together otherwise; https://tsx.is, https://typestrong.org/ts-node/docs/options;
https://bun.sh/docs/cli/run; https://docs.deno.com/runtime/reference/cli.
"""

import re

from spawngate.launch import paths
from spawngate.launch.argv import Grammar, word_set
from spawngate.launch.grammar import known
from spawngate.launch.grammar.npm import bunx
from spawngate.launch.grammar.scan import Scanned, is_url, scan
from spawngate.launch.purl import from_deno
from spawngate.launch.scene import Here, Scene

_NODE_VALUES = word_set(
    """
    -e --eval -pe -r --require --import --loader --experimental-loader -C --conditions --input-type --env-file
    --env-file-if-exists --openssl-config --icu-data-dir --title --run --redirect-warnings --diagnostic-dir
    --disable-warning --dns-result-order --experimental-default-type --experimental-config-file --snapshot-blob
    --build-sea --heapsnapshot-signal --localstorage-file --max-http-header-size --secure-heap --secure-heap-min
    --stack-trace-limit --test-name-pattern --test-reporter --test-reporter-destination --test-shard
    --tls-cipher-list --tls-keylog --tls-max-v1.2 --trace-event-categories --trace-event-file-pattern
    --trace-require-module --unhandled-rejections --use-largepages --v8-pool-size --watch-path --watch-kill-signal
    --es-module-specifier-resolution --inspect-port --debug-port --inspect-publish-uid --report-filename
    --report-dir --report-directory --report-signal --force-fips-dir --policy-integrity --experimental-policy
    --test-isolation --test-concurrency --test-global-setup --tsconfig --env-path -P --project -O --compiler-options
    --compilerOptions --compiler --ignore -I --dir --cwd-mode
    """
)
_OPTIONAL = word_set("--inspect --inspect-brk --inspect-wait --debug --debug-brk --cpu-prof --watch --test --check")
_DEBUG = ("--inspect", "--inspect-brk", "--inspect-wait", "--debug", "--debug-brk", "--inspect-port", "--debug-port")


def node(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """node and programs that read its options."""
    label = "node" if name in ("node", "nodejs", "iojs") else name
    scene.launcher(label, name, words, here)
    scene.acts(
        here, ("node", *(("tsx",) if label in ("tsx", "esrun") else ()), *(("ts-node",) if "ts-node" in label else ()))
    )
    at, length = 0, len(words)
    own_code = False
    unknown: list[str] = []
    while at < length:
        word = words[at]
        if word == "--":
            at += 1
            break
        if not word.startswith("-"):
            if label == "tsx" and word in ("watch", "node") and at + 1 < length:
                at += 1
                continue
            break
        if word == "-":
            own_code = True
            scene.inline("javascript", "", here)
            at += 1
            break
        at += 1
        option, equals, value = word.partition("=")
        if option.startswith("--"):
            option = option.replace("_", "-")
        takes = option in _NODE_VALUES
        if not equals and takes and at < length:
            value, at = words[at], at + 1
        if option in ("-e", "--eval", "-pe", "-p", "--print", "-ep", "-ip", "-pi", "-ie", "-pie"):
            if option in ("-p", "--print", "-ep", "-ip", "-pi", "-ie", "-pie") and not equals and at < length:
                value, at = words[at], at + 1
            own_code = True
            scene.inline("javascript", value, here)
        elif option in ("-r", "--require", "--import", "--loader", "--experimental-loader", "--experimental-policy"):
            scene.loads(option, value, here)
        elif option in _DEBUG:
            _debugger(scene, value)
        elif option in ("--openssl-config", "--experimental-config-file", "--snapshot-blob", "--icu-data-dir"):
            scene.loads(option, value, here)
        elif option in ("--env-file", "--env-file-if-exists"):
            scene.notes.mark("env_file")
        elif option == "--run":
            scene.notes.mark("runs_repository_script")
            own_code = True
        elif option in ("-i", "--interactive"):
            scene.acts(here, ("node-repl",))
            own_code = True
            scene.inline("javascript", "", here)
        elif not (takes or option in _OPTIONAL or option.startswith(("--", "-c", "-h", "-v", "-s", "-T", "-V"))):
            unknown.append(option)
    scene.unknown_options(unknown)
    rest = words[at:]
    if own_code:
        scene.server(rest, here)
    elif rest:
        if label == "node" and rest[0] == "inspect" and len(rest) > 1:
            _debugger(scene, "")
            rest = rest[1:]
        _script(scene, rest[0], here)
        scene.server(rest[1:], here)
        _known_script(scene, rest, here)
    elif not any(word in ("-v", "--version", "-h", "--help", "--v8-options") for word in words):
        # Standard input is the program: an agent's messages would be.
        scene.server((), here)
        scene.notes.mark("inline_code")
        scene.notes.say("inline_language", "javascript")


def _known_script(scene: Scene, rest: tuple[str, ...], here: Here) -> None:
    """A launcher called by the path of its script (`node .../npm/bin/npx-cli.js`)."""
    launcher = _LAUNCHER_SCRIPTS.get(paths.slashed(rest[0]).rpartition("/")[2])
    if launcher:
        scene.run(launcher, rest[1:], here.inside())


_LAUNCHER_SCRIPTS = {
    "npx-cli.js": "npx",
    "npm-cli.js": "npm",
    "pnpm.cjs": "pnpm",
    "pnpx.cjs": "pnpx",
    "yarn.js": "yarn",
}


def _script(scene: Scene, path: str, here: Here) -> None:
    if re.match(r"data:", path, re.IGNORECASE):
        scene.inline("javascript", path, here)
        return
    if is_url(path):
        scene.notes.mark("downloads_and_runs")
        if here.main:
            scene.notes.say("source", "url")
        return
    if here.main and not here.contained:
        scene.notes.say("source", "local-script")
    scene.script(path, here)


def _debugger(scene: Scene, value: str) -> None:
    text = value.strip()
    if not text or text.isdigit():
        scene.notes.say("debugger", "loopback")
        return
    host = text.rpartition(":")[0] if ":" in text and not text.endswith("]") else text
    host = host.strip("[]")
    loopback = host in ("", "localhost", "127.0.0.1", "::1")
    scene.notes.put("debugger", "loopback" if loopback and not scene.notes.has("debugger") else text)


_BUN = Grammar(
    word_set(
        """
        -r --preload --require --import -e --eval -p --print --cwd -c --config --env-file --define -d --loader -l
        --port --tsconfig-override --conditions --main-fields --extension-order --external --fetch-preconnect
        --filter -F --shell --title --jsx-factory --jsx-fragment --jsx-import-source --jsx-runtime --drop --backend
        --registry --max-http-header-size --dns-result-order --install --elide-lines --user-agent
        --stack-trace-limit
        """
    ),
    word_set(
        """
        -b --bun --watch --hot --no-clear-screen --smol --silent -i --no-install --prefer-offline --prefer-latest
        --if-present -v --version --revision -h --help --no-orphans --no-env-file --expose-gc --zero-fill-buffers
        --no-deprecation --throw-deprecation --no-addons --use-system-ca --use-openssl-ca --use-bundled-ca
        --ignore-dce-annotations --verbose --no-macros --preserve-symlinks --preserve-symlinks-main
        --redis-preconnect --sql-preconnect --experimental-http2-fetch --experimental-http3-fetch --workspaces
        --parallel --sequential
        """
    ),
    prefixes=("--inspect", "--unhandled-rejections", "--cpu-prof", "--heap-prof", "--console-depth"),
)


def bun(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """bun with and without a sub-command."""
    options = scan(words, _BUN)
    command = options.rest[0] if options.rest else ""
    if command == "x" and not options.values("-e", "--eval", "-p", "--print"):
        bunx(scene, name, options.rest[1:], here)
        return
    scene.launcher("bun", name, words, here)
    scene.acts(here, ("bun",))
    rest = options.rest
    if command == "run":
        inner = scan(rest[1:], _BUN)
        options = Scanned((*options.options, *inner.options), inner.rest, (*options.unknown, *inner.unknown))
        rest = inner.rest
    _bun_options(scene, options, here)
    if options.values("-e", "--eval", "-p", "--print"):
        for code in options.values("-e", "--eval", "-p", "--print"):
            scene.inline("javascript", code, here)
        scene.server(rest, here)
    elif command == "exec":
        scene.text(" ".join(rest[1:]), here.inside(), by="bun")
    elif command in ("install", "i", "add", "a", "update", "link", "ci"):
        scene.notes.mark("runs_install", "runs_repository_script")
    elif command in ("create", "c"):
        scene.notes.mark("runs_install")
    elif command in ("repl",):
        scene.inline("javascript", "", here)
    elif command == "test":
        scene.notes.mark("runs_repository_script")
    elif rest:
        scene.server(rest[1:], here)
        if paths.looks_like_script(rest[0]) or is_url(rest[0]) or rest[0].startswith("data:"):
            _script(scene, rest[0], here)
        elif rest[0] == "-":
            scene.inline("javascript", "", here)
        else:
            scene.notes.mark("runs_repository_script", "searches_cwd")
            if here.main:
                scene.notes.say("source", "local-folder")


def _bun_options(scene: Scene, options: Scanned, here: Here) -> None:
    scene.unknown_options(options.unknown)
    for option, value in options.options:
        if option in ("-r", "--preload", "--require", "--import"):
            scene.loads(option, value, here)
        elif option.startswith("--inspect"):
            _debugger(scene, value)
        elif option in ("-c", "--config"):
            scene.notes.add("config_override", f"{option} {value}".strip())
        elif option == "--registry":
            scene.notes.add("registry_override", value)
        elif option == "--env-file":
            scene.notes.mark("env_file")


_DENO_EVAL = Grammar(
    known.DENO.values | word_set("--eval --eval-file"), known.DENO.flags | {"-p", "--print"}, known.DENO.prefixes
)


def deno(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """deno, whose options may stand on both sides of the sub-command."""
    scene.launcher("deno", name, words, here)
    scene.acts(here, ("deno",))
    before = scan(words, known.DENO)
    rest = before.rest
    command = rest[0] if rest else ""
    after = scan(rest[1:], _DENO_EVAL)
    options = (*before.options, *after.options)
    if command in _DENO_COMMANDS:
        arguments = after.rest
        scene.unknown_options((*before.unknown, *after.unknown))
    else:
        # Without a sub-command the first word is what `deno run` would get.
        command, arguments, options = "run", rest, before.options
        scene.unknown_options(before.unknown)
    for option, value in options:
        if option in ("--preload", "--import", "--require"):
            scene.loads(option, value, here)
        elif option.startswith("--inspect"):
            _debugger(scene, value)
        elif option in ("-c", "--config", "--import-map", "--lock"):
            scene.notes.add("config_override", f"{option} {value}".strip())
        elif option in ("--env-file", "--env"):
            scene.notes.mark("env_file")
        elif option == "--eval" and command == "repl":
            scene.inline("javascript", value, here)
        elif option == "--eval-file" and command == "repl":
            scene.loads(option, value, here)
    if command == "eval":
        scene.inline("javascript", arguments[0] if arguments else "", here)
        scene.server(arguments[1:], here)
    elif command == "repl":
        scene.inline("javascript", "", here)
    elif command in ("task",):
        scene.notes.mark("runs_repository_script")
        if "--eval" in rest or "-e" in rest:
            scene.text(" ".join(word for word in rest[1:] if not word.startswith("-")), here.inside(), by="deno")
    elif command in ("install", "i", "add", "cache"):
        scene.notes.mark("runs_install")
        for word in arguments:
            _module(scene, word, here)
    elif command in ("run", "serve", "test", "bench", "x", "watch"):
        if arguments:
            target = arguments[0]
            if command == "x" and ":" not in target:
                target = f"npm:{target}"
            _module(scene, target, here)
            scene.server(arguments[1:], here)
    else:
        scene.utility(here)


_DENO_COMMANDS = word_set(
    """
    run eval repl task install i add cache serve test bench x watch compile check doc fmt lint info init upgrade
    uninstall remove publish types completions coverage lsp jupyter outdated update vendor clean approve-scripts
    audit deploy create bundle help
    """
)


def _module(scene: Scene, target: str, here: Here) -> None:
    """What `deno run` would load."""
    if target == "-":
        scene.inline("javascript", "", here)
        return
    purl = from_deno(target)
    if purl:
        scene.purl(purl, here)
        if is_url(target) and here.main:
            scene.notes.put("source", "url")
    elif re.match(r"(?:npm|jsr):", target):
        if here.main:
            scene.notes.say("source", "registry")
    elif is_url(target):
        if here.main:
            scene.notes.say("source", "url")
    else:
        _script(scene, target.removeprefix("file://"), here)


def nodemon(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """nodemon and its `--exec`, which a shell reads."""
    scene.launcher(name, name, words, here)
    scene.acts(here, ("node",))
    options = scan(words, _NODEMON)
    for text in options.values("-x", "--exec"):
        scene.text(text, here.inside(main=False), by="nodemon")
    for value in options.values("-r", "--require"):
        scene.loads("--require", value, here)
    if options.rest:
        _script(scene, options.rest[0], here)
        scene.server(options.rest[1:], here)


_NODEMON = Grammar(
    word_set("-x --exec -w --watch -e --ext -i --ignore -d --delay -r --require --config --signal -s --cwd"),
    word_set(
        "-q --quiet -V --verbose -L --legacy-watch -I --no-stdin --inspect --inspect-brk -C --on-change-only -h -v"
    ),
)


def concurrently(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """concurrently: every positional word is a line for a shell."""
    scene.launcher(name, name, words, here)
    scene.acts(here, ("node",))
    options = scan(words, _CONCURRENTLY)
    for text in options.rest:
        scene.text(text, here.inside(main=False), by="concurrently")
    scene.server((), here)


_CONCURRENTLY = Grammar(
    word_set(
        "-n --names -c --prefix-colors -p --prefix -m --max-processes --restart-tries --restart-after -s --success"
    ),
    word_set("-k --kill-others --kill-others-on-fail -r --raw --no-color --hide -g --group --timings -P -i"),
)
