"""Dotnet, go, cargo, java and builders: every fact of each line."""

import pytest

from tests.launch.told import told

CASES: list[tuple[str, dict[str, object]]] = [
    (
        "dnx Example.Server@1.0.0 --yes",
        {"launcher": "dnx", "package": "pkg:nuget/Example.Server@1.0.0", "pin": "exact", "source": "registry"},
    ),
    (
        "dnx Example.Server --version 1.0.0 --yes -- --port 1",
        {
            "launcher": "dnx",
            "server_args": ("--port", "1"),
            "package": "pkg:nuget/Example.Server@1.0.0",
            "pin": "exact",
            "source": "registry",
        },
    ),
    (
        "dnx --source https://r.example Example.Server@1.0.0",
        {
            "launcher": "dnx",
            "package": "pkg:nuget/Example.Server@1.0.0",
            "pin": "exact",
            "source": "registry",
            "registry_override": ("https://r.example",),
        },
    ),
    (
        "dnx Example.Server@1.0.0 --add-source https://r.example --yes",
        {
            "launcher": "dnx",
            "package": "pkg:nuget/Example.Server@1.0.0",
            "pin": "exact",
            "source": "registry",
            "registry_override": ("https://r.example",),
        },
    ),
    (
        "dotnet tool exec Example.Server@1.*",
        {"launcher": "dnx", "package": "pkg:nuget/Example.Server@1.%2A", "pin": "range", "source": "registry"},
    ),
    (
        "dotnet run --project ./src/Server -- --x",
        {
            "launcher": "dotnet-run",
            "server_args": ("--x",),
            "runs_repository_script": True,
            "source": "local-folder",
            "script": "./src/Server",
            "script_place": "project",
            "relative_paths": ("./src/Server",),
        },
    ),
    (
        "dotnet /opt/x/server.dll --y",
        {
            "launcher": "dotnet",
            "server_args": ("--y",),
            "source": "local-script",
            "script": "/opt/x/server.dll",
            "script_place": "application",
        },
    ),
    (
        "dotnet exec --additionalprobingpath ./x /opt/x/server.dll",
        {
            "launcher": "dotnet",
            "loads_code": ("--additionalprobingpath ./x",),
            "source": "local-script",
            "script": "/opt/x/server.dll",
            "script_place": "application",
            "relative_paths": ("./x",),
        },
    ),
    (
        "dotnet tool install -g x --add-source https://r.example",
        {"launcher": "dotnet-tool", "runs_install": True, "registry_override": ("https://r.example",)},
    ),
    (
        "dotnet fsi x.fsx",
        {"launcher": "dotnet-script", "script": "x.fsx", "script_place": "project", "relative_paths": ("x.fsx",)},
    ),
    (
        "dotnet script eval 1",
        {"launcher": "dotnet-script", "inline_code": True, "inline_language": "csharp", "source": "inline"},
    ),
    (
        "go run github.com/example/server@v1.2.3 --x",
        {
            "launcher": "go-run",
            "server_args": ("--x",),
            "package": "pkg:golang/github.com/example/server@v1.2.3",
            "pin": "exact",
            "source": "registry",
        },
    ),
    (
        "go run github.com/example/server@latest",
        {
            "launcher": "go-run",
            "package": "pkg:golang/github.com/example/server@latest",
            "pin": "latest",
            "source": "registry",
        },
    ),
    (
        "go run github.com/example/server@main",
        {
            "launcher": "go-run",
            "package": "pkg:golang/github.com/example/server@main",
            "pin": "branch",
            "source": "registry",
        },
    ),
    (
        "go run ./cmd/server",
        {
            "launcher": "go-run",
            "source": "local-folder",
            "script": "./cmd/server",
            "script_place": "project",
            "relative_paths": ("./cmd/server",),
        },
    ),
    (
        "go run . stdio",
        {
            "launcher": "go-run",
            "server_args": ("stdio",),
            "source": "local-folder",
            "script": ".",
            "script_place": "project",
            "relative_paths": (".",),
        },
    ),
    (
        "go run main.go",
        {
            "launcher": "go-run",
            "source": "local-script",
            "script": "main.go",
            "script_place": "project",
            "relative_paths": ("main.go",),
        },
    ),
    (
        "go run -exec ./x ./cmd",
        {
            "launcher": "go-run",
            "argument_injection": ("-exec ./x",),
            "source": "local-folder",
            "script": "./cmd",
            "script_place": "project",
            "relative_paths": ("./x", "./cmd"),
            "unknown": ("unknown-program",),
        },
    ),
    (
        "go run --exec=./x ./cmd",
        {
            "launcher": "go-run",
            "argument_injection": ("-exec ./x",),
            "source": "local-folder",
            "script": "./cmd",
            "script_place": "project",
            "relative_paths": ("./x", "./cmd"),
            "unknown": ("unknown-program",),
        },
    ),
    (
        "go run -toolexec 'sh -c x' ./cmd",
        {
            "wrappers": ("sh",),
            "launcher": "go-run",
            "shell": True,
            "shell_plain": True,
            "argument_injection": ("-toolexec sh -c x",),
            "source": "local-folder",
            "script": "./cmd",
            "script_place": "project",
            "relative_paths": ("./cmd",),
            "unknown": ("unknown-program",),
        },
    ),
    (
        "go run -C ../other .",
        {
            "launcher": "go-run",
            "loads_code": ("-C ../other",),
            "source": "local-folder",
            "script": ".",
            "script_place": "project",
            "relative_paths": ("../other", "."),
        },
    ),
    (
        "go run -mod=mod -modfile ./go2.mod ./cmd",
        {
            "launcher": "go-run",
            "loads_code": ("-modfile ./go2.mod",),
            "source": "local-folder",
            "script": "./cmd",
            "script_place": "project",
            "relative_paths": ("./go2.mod", "./cmd"),
        },
    ),
    ("go install github.com/example/server@v1", {"launcher": "go-install", "runs_install": True}),
    ("go version", {"launcher": "go-version", "utility": True}),
    (
        "cargo run --manifest-path ./x/Cargo.toml -- --y",
        {
            "launcher": "cargo-run",
            "server_args": ("--y",),
            "runs_repository_script": True,
            "source": "local-folder",
            "script": "./x/Cargo.toml",
            "script_place": "project",
            "relative_paths": ("./x/Cargo.toml",),
        },
    ),
    ("cargo run", {"launcher": "cargo-run", "runs_repository_script": True, "source": "local-folder"}),
    (
        "cargo --config 'build.rustc-wrapper=\"./x\"' build",
        {
            "launcher": "cargo",
            "runs_repository_script": True,
            "argument_injection": ('--config build.rustc-wrapper="./x"',),
            "source": "local-folder",
            "config_override": ('--config build.rustc-wrapper="./x"',),
        },
    ),
    ("cargo install --git https://git.example.com/x", {"launcher": "cargo", "runs_install": True, "source": "git"}),
    ("cargo +nightly run", {"launcher": "cargo-run", "runs_repository_script": True, "source": "local-folder"}),
    (
        "java -jar /opt/x/server.jar --y",
        {
            "launcher": "java",
            "server_args": ("--y",),
            "source": "local-archive",
            "script": "/opt/x/server.jar",
            "script_place": "application",
        },
    ),
    (
        "java -Xmx1g -jar ./server.jar",
        {
            "launcher": "java",
            "source": "local-archive",
            "script": "./server.jar",
            "script_place": "project",
            "relative_paths": ("./server.jar",),
        },
    ),
    ("java -cp /opt/x/classes Main -javaagent:z.jar", {"launcher": "java", "server_args": ("-javaagent:z.jar",)}),
    (
        "java -javaagent:./agent.jar -jar /opt/x/server.jar",
        {
            "launcher": "java",
            "loads_code": ("-javaagent ./agent.jar",),
            "source": "local-archive",
            "script": "/opt/x/server.jar",
            "script_place": "application",
            "relative_paths": ("./agent.jar",),
        },
    ),
    (
        "java -agentpath:./a.so Main",
        {"launcher": "java", "loads_code": ("-agentpath ./a.so",), "relative_paths": ("./a.so",)},
    ),
    (
        "java -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=0.0.0.0:5005 -jar /opt/x/server.jar",
        {
            "launcher": "java",
            "loads_code": ("-agentlib jdwp=transport=dt_socket,server=y,suspend=n,address=0.0.0.0:5005",),
            "debugger": "0.0.0.0:5005",
            "source": "local-archive",
            "script": "/opt/x/server.jar",
            "script_place": "application",
        },
    ),
    (
        "java -agentlib:jdwp=transport=dt_socket,server=y,address=5005 -jar /opt/x/server.jar",
        {
            "launcher": "java",
            "loads_code": ("-agentlib jdwp=transport=dt_socket,server=y,address=5005",),
            "debugger": "loopback",
            "source": "local-archive",
            "script": "/opt/x/server.jar",
            "script_place": "application",
        },
    ),
    (
        "java '-XX:OnError=sh -c x' Main",
        {
            "wrappers": ("sh",),
            "launcher": "java",
            "shell": True,
            "shell_plain": True,
            "argument_injection": ("-XX:OnError=sh -c x",),
            "unknown": ("unknown-program",),
        },
    ),
    (
        "java -XX:OnOutOfMemoryError=x Main",
        {
            "launcher": "java",
            "shell": True,
            "shell_plain": True,
            "argument_injection": ("-XX:OnOutOfMemoryError=x",),
            "unknown": ("unknown-program",),
        },
    ),
    ("java @args Main", {"launcher": "java", "loads_code": ("@argfile args",)}),
    (
        "java Server.java",
        {
            "launcher": "java",
            "source": "local-script",
            "script": "Server.java",
            "script_place": "project",
            "relative_paths": ("Server.java",),
        },
    ),
    (
        "java -Xbootclasspath/a:./x.jar Main",
        {"launcher": "java", "loads_code": ("-Xbootclasspath/a ./x.jar",), "relative_paths": ("./x.jar",)},
    ),
    ("java -cp http://x.example/a.jar Main", {"launcher": "java", "relative_paths": ("http",)}),
    ("jbang https://files.example.com/X.java", {"launcher": "jbang", "downloads_and_runs": True, "source": "url"}),
    (
        "jbang -c 'System.out.println(1)'",
        {"launcher": "jbang", "inline_code": True, "inline_language": "java", "source": "inline"},
    ),
    ("jbang mcp-server@example", {"launcher": "jbang", "source": "registry"}),
    (
        "make serve",
        {"launcher": "make", "runs_repository_script": True, "source": "local-folder", "searches_cwd": True},
    ),
    (
        "make -f ./x.mk",
        {
            "launcher": "make",
            "runs_repository_script": True,
            "source": "local-folder",
            "script": "./x.mk",
            "script_place": "project",
            "relative_paths": ("./x.mk",),
            "searches_cwd": True,
        },
    ),
    (
        "make --eval 'all:; x'",
        {
            "launcher": "make",
            "inline_code": True,
            "inline_language": "make",
            "runs_repository_script": True,
            "source": "local-folder",
            "searches_cwd": True,
        },
    ),
    (
        "mvn exec:java",
        {"launcher": "mvn", "runs_repository_script": True, "source": "local-folder", "searches_cwd": True},
    ),
    (
        "just serve",
        {"launcher": "just", "runs_repository_script": True, "source": "local-folder", "searches_cwd": True},
    ),
    (
        "gradle run",
        {"launcher": "gradle", "runs_repository_script": True, "source": "local-folder", "searches_cwd": True},
    ),
]


@pytest.mark.parametrize(("line", "facts"), CASES, ids=[line for line, _ in CASES])
def test_facts(line: str, facts: dict[str, object]) -> None:
    assert told(line) == facts
