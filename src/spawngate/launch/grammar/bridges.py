"""Programs between a client and its real server: they connect to an address or start a command themselves.

Sources: geelen/mcp-remote:README.md, supercorp-ai/supergateway:README.md (its `--stdio` is run by a shell),
sparfenyuk/mcp-proxy:README.md, punkpeye/mcp-proxy:README.md, modelcontextprotocol/inspector:README.md,
open-webui/mcpo:README.md, remorses/concurrently and nodemon READMEs.
"""

from spawngate.launch.argv import Grammar, program, word_set
from spawngate.launch.grammar.scan import is_url, scan
from spawngate.launch.scene import Here, Scene

BRIDGES = {
    "mcp-remote": "mcp-remote",
    "mcp-remote-client": "mcp-remote",
    "supergateway": "supergateway",
    "supergateway-mcp": "supergateway",
    "mcp-proxy": "mcp-proxy",
    "@modelcontextprotocol/inspector": "inspector",
    "@modelcontextprotocol/inspector-cli": "inspector",
    "mcp-inspector": "inspector",
    "mcpo": "mcpo",
    "mcp-bridge": "mcp-bridge",
    "@pyroprompts/mcp-stdio-to-streamable-http-adapter": "mcp-stdio-adapter",
    "mcp-stdio-to-streamable-http-adapter": "mcp-stdio-adapter",
}
_SUPERGATEWAY = Grammar(
    word_set(
        """
        --stdio --sse --streamableHttp --streamable-http --ws --outputTransport --output-transport --port --baseUrl
        --base-url --ssePath --messagePath --streamableHttpPath --logLevel --header -H --oauth2Bearer --cors
        --healthEndpoint --sessionTimeout --protocolVersion
        """
    ),
    word_set("--stateful --version --help"),
)
_PROXY_PAIRS = word_set("--named-server -H --headers -e --env")
"""Options of mcp-proxy that take two words."""
_PROXY_VALUES = word_set(
    """
    --cwd --port --host --sse-port --sse-host --allow-origin --transport --client-id --client-secret --token-url
    --named-server-config --log-level --endpoint --sseEndpoint --streamEndpoint --server --apiKey --requestTimeout
    --connectionTimeout --tunnelSubdomain --gracefulShutdownTimeout
    """
)
_INSPECTOR = Grammar(
    word_set("-e --config --server --method --tool-name --tool-arg --transport --header --server-url"),
    word_set("--cli"),
)
_MCPO = Grammar(
    word_set(
        """
        --host -H --port -p --cors-allow-origins --api-key -k --env -e --env-path --name -n --description -d
        --version -v --ssl-certfile -t --ssl-keyfile --path-prefix --config -c --server-type --type --header
        --log-level
        """
    ),
    word_set("--strict-auth --hot-reload"),
)


def bridge(scene: Scene, name: str, args: tuple[str, ...], here: Here) -> bool:
    """Note what a bridge connects to or starts; false where `name` is none."""
    kind = BRIDGES.get(name) or BRIDGES.get(program(name))
    if kind is None:
        return False
    scene.notes.say("bridge", kind)
    if kind == "supergateway":
        _supergateway(scene, args, here)
    elif kind == "mcp-proxy":
        _proxy(scene, args, here)
    elif kind == "inspector":
        options = scan(args, _INSPECTOR)
        _command_or_address(scene, options.rest, here)
    elif kind == "mcpo":
        options = scan(args, _MCPO)
        _command_or_address(scene, options.rest or (args[args.index("--") + 1 :] if "--" in args else ()), here)
    else:
        for word in args:
            if is_url(word):
                scene.address(word)
                break
    return True


def reader(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """A bridge that is installed as a program."""
    scene.launcher(BRIDGES.get(name, name), name, words, here)
    scene.server(words, here)
    bridge(scene, name, words, here)


def _supergateway(scene: Scene, args: tuple[str, ...], here: Here) -> None:
    options = scan(args, _SUPERGATEWAY)
    for text in options.values("--stdio"):
        # Beside the chain: the bridge is the package that is launched, the command is its argument.
        scene.text(text, here.inside(main=False), by="supergateway")
    for value in options.values("--sse", "--streamableHttp", "--streamable-http", "--ws"):
        scene.address(value)


def _proxy(scene: Scene, args: tuple[str, ...], here: Here) -> None:
    at, length = 0, len(args)
    joined = False
    while at < length and args[at].startswith("-"):
        word = args[at]
        option, equals, value = word.partition("=")
        at += 1
        if word == "--":
            break
        if word in _PROXY_PAIRS:
            if word == "--named-server" and at + 1 < length:
                scene.run(args[at + 1], (), here.inside(main=False))
            at += 2
            continue
        if option in _PROXY_VALUES and not equals:
            value = args[at] if at < length else ""
            at += 1
        if option == "--named-server-config":
            scene.notes.add("config_override", f"{option} {value}")
        joined = joined or option == "--shell"
    rest = args[at:]
    if joined and rest:
        scene.text(" ".join(rest), here.inside(main=False), by="mcp-proxy")
    else:
        _command_or_address(scene, rest, here)


def _command_or_address(scene: Scene, rest: tuple[str, ...], here: Here) -> None:
    if not rest:
        return
    if is_url(rest[0]):
        scene.address(rest[0])
    else:
        words = tuple(word for at, word in enumerate(rest[1:]) if not (at == 0 and word == "--"))
        scene.run(rest[0], words, here.inside(main=False))
