"""Node, tsx, bun and deno: every fact of each line."""

import pytest

from tests.launch.told import told

CASES: list[tuple[str, dict[str, object]]] = [
    (
        "node /opt/example/dist/index.js --port 1",
        {
            "launcher": "node",
            "server_args": ("--port", "1"),
            "source": "local-script",
            "script": "/opt/example/dist/index.js",
            "script_place": "application",
        },
    ),
    (
        "node --no-warnings dist/index.js",
        {
            "launcher": "node",
            "source": "local-script",
            "script": "dist/index.js",
            "script_place": "project",
            "relative_paths": ("dist/index.js",),
        },
    ),
    (
        "node --experimental-vm-modules --max-old-space-size=4096 /opt/x/s.js -e data",
        {
            "launcher": "node",
            "server_args": ("-e", "data"),
            "source": "local-script",
            "script": "/opt/x/s.js",
            "script_place": "application",
        },
    ),
    (
        "node -e 'console.log(1)'",
        {"launcher": "node", "inline_code": True, "inline_language": "javascript", "source": "inline"},
    ),
    (
        "node --eval='console.log(1)'",
        {"launcher": "node", "inline_code": True, "inline_language": "javascript", "source": "inline"},
    ),
    ("node -p 1", {"launcher": "node", "inline_code": True, "inline_language": "javascript", "source": "inline"}),
    ("node -pe 1", {"launcher": "node", "inline_code": True, "inline_language": "javascript", "source": "inline"}),
    ("node --print 1", {"launcher": "node", "inline_code": True, "inline_language": "javascript", "source": "inline"}),
    ("node -i", {"launcher": "node", "inline_code": True, "inline_language": "javascript", "source": "inline"}),
    ("node -", {"launcher": "node", "inline_code": True, "inline_language": "javascript", "source": "inline"}),
    ("node", {"launcher": "node", "inline_code": True, "inline_language": "javascript"}),
    ("node --version", {"launcher": "node"}),
    (
        "node -r ./canary.cjs server.js",
        {
            "launcher": "node",
            "loads_code": ("-r ./canary.cjs",),
            "source": "local-script",
            "script": "server.js",
            "script_place": "project",
            "relative_paths": ("./canary.cjs", "server.js"),
        },
    ),
    (
        "node --require=./canary.cjs server.js",
        {
            "launcher": "node",
            "loads_code": ("--require ./canary.cjs",),
            "source": "local-script",
            "script": "server.js",
            "script_place": "project",
            "relative_paths": ("./canary.cjs", "server.js"),
        },
    ),
    (
        "node --import data:text/javascript,x server.js",
        {
            "launcher": "node",
            "inline_code": True,
            "inline_language": "javascript",
            "loads_code": ("--import data:text/javascript,x",),
            "source": "inline",
            "script": "server.js",
            "script_place": "project",
            "relative_paths": ("server.js",),
        },
    ),
    (
        "node --import data:text/javascript;base64,eA== server.js",
        {
            "launcher": "node",
            "inline_code": True,
            "inline_language": "javascript",
            "encoded_code": True,
            "loads_code": ("--import data:text/javascript;base64,eA==",),
            "source": "inline",
            "script": "server.js",
            "script_place": "project",
            "relative_paths": ("server.js",),
        },
    ),
    (
        "node --import=tsx /opt/x/server.ts",
        {
            "launcher": "node",
            "loads_code": ("--import tsx",),
            "source": "local-script",
            "script": "/opt/x/server.ts",
            "script_place": "application",
        },
    ),
    (
        "node --loader ./l.mjs server.js",
        {
            "launcher": "node",
            "loads_code": ("--loader ./l.mjs",),
            "source": "local-script",
            "script": "server.js",
            "script_place": "project",
            "relative_paths": ("./l.mjs", "server.js"),
        },
    ),
    (
        "node --experimental_loader ./l.mjs server.js",
        {
            "launcher": "node",
            "loads_code": ("--experimental-loader ./l.mjs",),
            "source": "local-script",
            "script": "server.js",
            "script_place": "project",
            "relative_paths": ("./l.mjs", "server.js"),
        },
    ),
    (
        "node --inspect=0.0.0.0:9229 server.js",
        {
            "launcher": "node",
            "debugger": "0.0.0.0:9229",
            "source": "local-script",
            "script": "server.js",
            "script_place": "project",
            "relative_paths": ("server.js",),
        },
    ),
    (
        "node --inspect server.js",
        {
            "launcher": "node",
            "debugger": "loopback",
            "source": "local-script",
            "script": "server.js",
            "script_place": "project",
            "relative_paths": ("server.js",),
        },
    ),
    (
        "node --inspect-brk=9229 server.js",
        {
            "launcher": "node",
            "debugger": "loopback",
            "source": "local-script",
            "script": "server.js",
            "script_place": "project",
            "relative_paths": ("server.js",),
        },
    ),
    (
        "node --inspect=127.0.0.1:9229 server.js",
        {
            "launcher": "node",
            "debugger": "loopback",
            "source": "local-script",
            "script": "server.js",
            "script_place": "project",
            "relative_paths": ("server.js",),
        },
    ),
    (
        "node --env-file=.env server.js",
        {
            "launcher": "node",
            "source": "local-script",
            "env_file": True,
            "script": "server.js",
            "script_place": "project",
            "relative_paths": ("server.js",),
        },
    ),
    (
        "node --env-file .env server.js",
        {
            "launcher": "node",
            "source": "local-script",
            "env_file": True,
            "script": "server.js",
            "script_place": "project",
            "relative_paths": ("server.js",),
        },
    ),
    ("node --run start", {"launcher": "node", "runs_repository_script": True}),
    (
        "node inspect server.js",
        {
            "launcher": "node",
            "debugger": "loopback",
            "source": "local-script",
            "script": "server.js",
            "script_place": "project",
            "relative_paths": ("server.js",),
        },
    ),
    (
        "node --unknown-flag server.js",
        {
            "launcher": "node",
            "source": "local-script",
            "script": "server.js",
            "script_place": "project",
            "relative_paths": ("server.js",),
        },
    ),
    (
        "node --openssl-config=./x.cnf server.js",
        {
            "launcher": "node",
            "loads_code": ("--openssl-config ./x.cnf",),
            "source": "local-script",
            "script": "server.js",
            "script_place": "project",
            "relative_paths": ("./x.cnf", "server.js"),
        },
    ),
    (
        "node /tmp/x/server.js",
        {
            "launcher": "node",
            "source": "local-script",
            "script": "/tmp/x/server.js",
            "script_place": "temporary",
            "writable_places": ("/tmp/x/server.js",),
        },
    ),
    (
        "node ~/Downloads/server.js",
        {
            "launcher": "node",
            "source": "local-script",
            "script": "~/Downloads/server.js",
            "script_place": "downloads",
            "writable_places": ("~/Downloads/server.js",),
        },
    ),
    (
        "node \\\\\\\\host\\\\share\\\\s.js",
        {
            "launcher": "node",
            "source": "local-script",
            "script": "\\\\host\\share\\s.js",
            "script_place": "network",
            "network_paths": ("\\\\host\\share\\s.js",),
        },
    ),
    (
        "node /usr/lib/node_modules/npm/bin/npx-cli.js -c 'echo canary'",
        {
            "launcher": "node",
            "server_args": ("canary",),
            "shell": True,
            "source": "local-script",
            "script": "/usr/lib/node_modules/npm/bin/npx-cli.js",
            "script_place": "system",
            "searches_cwd": True,
            "utility": True,
        },
    ),
    (
        "tsx ./src/index.ts",
        {
            "launcher": "tsx",
            "source": "local-script",
            "script": "./src/index.ts",
            "script_place": "project",
            "relative_paths": ("./src/index.ts",),
        },
    ),
    (
        "tsx watch ./src/index.ts",
        {
            "launcher": "tsx",
            "source": "local-script",
            "script": "./src/index.ts",
            "script_place": "project",
            "relative_paths": ("./src/index.ts",),
        },
    ),
    ("tsx -e 1", {"launcher": "tsx", "inline_code": True, "inline_language": "javascript", "source": "inline"}),
    (
        "ts-node -r ./x src/index.ts",
        {
            "launcher": "ts-node",
            "loads_code": ("-r ./x",),
            "source": "local-script",
            "script": "src/index.ts",
            "script_place": "project",
            "relative_paths": ("./x", "src/index.ts"),
        },
    ),
    (
        "bun /opt/x/server.ts",
        {"launcher": "bun", "source": "local-script", "script": "/opt/x/server.ts", "script_place": "application"},
    ),
    (
        "bun run /opt/x/server.ts",
        {"launcher": "bun", "source": "local-script", "script": "/opt/x/server.ts", "script_place": "application"},
    ),
    (
        "bun run start",
        {"launcher": "bun", "runs_repository_script": True, "source": "local-folder", "searches_cwd": True},
    ),
    ("bun -e 1", {"launcher": "bun", "inline_code": True, "inline_language": "javascript", "source": "inline"}),
    ("bun --print 1", {"launcher": "bun", "inline_code": True, "inline_language": "javascript", "source": "inline"}),
    (
        "bun --preload ./x.ts server.ts",
        {
            "launcher": "bun",
            "loads_code": ("--preload ./x.ts",),
            "source": "local-script",
            "script": "server.ts",
            "script_place": "project",
            "relative_paths": ("./x.ts", "server.ts"),
        },
    ),
    (
        "bun exec 'echo canary'",
        {"launcher": "bun", "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    ("bun install", {"launcher": "bun", "runs_install": True, "runs_repository_script": True}),
    (
        "bun --inspect=0.0.0.0:1 server.ts",
        {
            "launcher": "bun",
            "debugger": "0.0.0.0:1",
            "source": "local-script",
            "script": "server.ts",
            "script_place": "project",
            "relative_paths": ("server.ts",),
        },
    ),
    ("bun create x", {"launcher": "bun", "runs_install": True}),
    (
        "deno run --allow-net /opt/x/main.ts",
        {"launcher": "deno", "source": "local-script", "script": "/opt/x/main.ts", "script_place": "application"},
    ),
    (
        "deno run -A npm:@example/s@1.0.0 --x",
        {
            "launcher": "deno",
            "server_args": ("--x",),
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
        },
    ),
    (
        "deno run -A jsr:@example/s@1.0.0",
        {"launcher": "deno", "package": "pkg:jsr/%40example/s@1.0.0", "pin": "exact", "source": "registry"},
    ),
    (
        "deno run -A https://deno.land/x/foo@1/mod.ts",
        {
            "launcher": "deno",
            "package": "pkg:generic/mod.ts?download_url=https://deno.land/x/foo%401/mod.ts",
            "pin": "unversioned",
            "source": "url",
        },
    ),
    (
        "deno run -A https://files.example.com/mod.ts",
        {
            "launcher": "deno",
            "package": "pkg:generic/mod.ts?download_url=https://files.example.com/mod.ts",
            "pin": "unversioned",
            "source": "url",
        },
    ),
    (
        "deno run -A data:application/typescript,x",
        {"launcher": "deno", "inline_code": True, "inline_language": "javascript", "source": "inline"},
    ),
    (
        "deno run -A --preload ./x.ts /opt/main.ts",
        {
            "launcher": "deno",
            "loads_code": ("--preload ./x.ts",),
            "source": "local-script",
            "script": "/opt/main.ts",
            "script_place": "system",
            "relative_paths": ("./x.ts",),
        },
    ),
    (
        "deno eval 'Deno.exit()'",
        {"launcher": "deno", "inline_code": True, "inline_language": "javascript", "source": "inline"},
    ),
    ("deno eval -p 1", {"launcher": "deno", "inline_code": True, "inline_language": "javascript", "source": "inline"}),
    (
        "deno -A https://files.example.com/mod.ts",
        {
            "launcher": "deno",
            "package": "pkg:generic/mod.ts?download_url=https://files.example.com/mod.ts",
            "pin": "unversioned",
            "source": "url",
        },
    ),
    ("deno task start", {"launcher": "deno", "runs_repository_script": True}),
    (
        "deno repl --eval 1",
        {"launcher": "deno", "inline_code": True, "inline_language": "javascript", "source": "inline"},
    ),
    (
        "deno run --config ./d.json --import-map=./m.json /opt/main.ts",
        {
            "launcher": "deno",
            "source": "local-script",
            "config_override": ("--config ./d.json", "--import-map ./m.json"),
            "script": "/opt/main.ts",
            "script_place": "system",
        },
    ),
    (
        "deno run --inspect=0.0.0.0:1 /opt/main.ts",
        {
            "launcher": "deno",
            "debugger": "0.0.0.0:1",
            "source": "local-script",
            "script": "/opt/main.ts",
            "script_place": "system",
        },
    ),
    (
        "deno x create-foo",
        {"launcher": "deno", "package": "pkg:npm/create-foo", "pin": "unversioned", "source": "registry"},
    ),
    (
        "nodemon --exec 'echo canary' server.js",
        {
            "launcher": "nodemon",
            "shell": True,
            "source": "local-script",
            "script": "server.js",
            "script_place": "project",
            "relative_paths": ("server.js",),
            "utility": True,
        },
    ),
    (
        "nodemon server.js",
        {
            "launcher": "nodemon",
            "source": "local-script",
            "script": "server.js",
            "script_place": "project",
            "relative_paths": ("server.js",),
        },
    ),
    (
        "concurrently 'npm start' 'echo canary'",
        {
            "launcher": "concurrently",
            "shell": True,
            "runs_repository_script": True,
            "searches_cwd": True,
            "utility": True,
        },
    ),
]


@pytest.mark.parametrize(("line", "facts"), CASES, ids=[line for line, _ in CASES])
def test_facts(line: str, facts: dict[str, object]) -> None:
    assert told(line) == facts
