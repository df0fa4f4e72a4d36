"""Package of a launch, one launcher after the other; every purl is written out whole."""

import shlex

import pytest

from spawngate.launch.package import is_launcher, launched, package_of

DIGEST = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

CASES = [
    ("npx -y @modelcontextprotocol/server-filesystem /tmp", "pkg:npm/%40modelcontextprotocol/server-filesystem"),
    ("npx --yes mcp-remote@latest https://a.example/mcp", "pkg:npm/mcp-remote@latest"),
    ("npx -p @a/b@1 -p c d", None),
    ("npx -p @a/b@1 -p d@2 d", "pkg:npm/d@2"),
    ("npx -c 'echo hi'", None),
    ("npx", None),
    ("npx ./server.js", None),
    ("npx -y file:../x", None),
    ("npx alias@npm:real@1.2", "pkg:npm/real@1.2"),
    ("npx 'github:User/Repo#v1'", "pkg:github/user/repo@v1"),
    ("npx User/Repo", "pkg:github/user/repo"),
    ("npx 'git+https://github.com/u/r.git#main'", "pkg:github/u/r@main"),
    ("npx 'git+ssh://git@gitlab.com/u/g/r.git#main'", "pkg:generic/r?vcs_url=git%2Bssh://gitlab.com/u/g/r.git%40main"),
    ("npx git@github.com:u/r.git", "pkg:github/u/r"),
    ("npx 'gitlab:u/r#x'", "pkg:generic/r?vcs_url=git%2Bhttps://gitlab.com/u/r.git%40x"),
    ("npx https://x.example/a/b.tgz", "pkg:generic/b.tgz?download_url=https://x.example/a/b.tgz"),
    ("npx 'https://user:tok@x.example/a/b.tgz?sig=1'", "pkg:generic/b.tgz?download_url=https://x.example/a/b.tgz"),
    ("npx -y 'foo@^1.2'", "pkg:npm/foo@%5E1.2"),
    ("npx 'foo@${VERSION}'", "pkg:npm/foo"),
    ("npx '${PKG}'", None),
    ("npx --registry https://r.example foo", "pkg:npm/foo"),
    ("npx --registry=https://r.example foo", "pkg:npm/foo"),
    ("npx -y -- foo -p bar", "pkg:npm/foo"),
    ("npm exec foo --package=bar", "pkg:npm/bar"),
    ("npm exec -- foo --package=bar", "pkg:npm/foo"),
    ("npm --package=bar exec foo", "pkg:npm/bar"),
    ("npm install foo", None),
    ("npm x -y foo", "pkg:npm/foo"),
    ("npm --prefix /x run start", None),
    ("pnpm dlx foo@1 --x", "pkg:npm/foo@1"),
    ("pnpm --package=@a/b dlx c", "pkg:npm/%40a/b"),
    ("pnpm dlx --package=@a/b --package=c c", "pkg:npm/c"),
    ("pnpm dlx --unknown foo", None),
    ("pnpm exec foo", None),
    ("pnpx foo", "pkg:npm/foo"),
    ("yarn dlx -q -p @a/b@2 c", "pkg:npm/%40a/b@2"),
    ("yarn dlx foo", "pkg:npm/foo"),
    ("yarn start", None),
    ("bunx --bun foo@1", "pkg:npm/foo@1"),
    ("bunx -p @a/b c", "pkg:npm/%40a/b"),
    ("bun x foo", "pkg:npm/foo"),
    ("bun run x.ts", None),
    ("uvx foo", "pkg:pypi/foo"),
    ("uvx foo==1.0", "pkg:pypi/foo@1.0"),
    ("uvx foo@1.0", "pkg:pypi/foo@1.0"),
    ("uvx foo@latest", "pkg:pypi/foo@latest"),
    ("uvx 'Foo_Bar[x,y]>=1,<2'", "pkg:pypi/foo-bar@%3E%3D1%2C%3C2"),
    ("uvx --from foo==1 bar --from x", "pkg:pypi/foo@1"),
    ("uvx --from 'foo @ git+https://github.com/u/r@v1' bar", "pkg:github/u/r@v1"),
    (
        "uvx --from 'git+https://gitlab.com/u/r@v1#subdirectory=pkg/a' bar",
        "pkg:generic/r?vcs_url=git%2Bhttps://gitlab.com/u/r.git%40v1#pkg/a",
    ),
    ("uvx --from . bar", None),
    ("uvx --from ./x.whl bar", None),
    ("uvx --python=3.12 --with a --with-editable ./b foo", "pkg:pypi/foo"),
    ("uvx --unknown-option foo", None),
    ("uvx python -m x", None),
    ("uvx -p 3.12 -q foo", "pkg:pypi/foo"),
    ("uv tool run foo@2", "pkg:pypi/foo@2"),
    ("uv tool install foo", None),
    ("uv run server.py", None),
    ("uv --directory /a run srv", None),
    ("uv run --with fastmcp fastmcp run a.py", "pkg:pypi/fastmcp"),
    ("uv run --with 'mcp[cli]>=1,<2,rich' mcp run a.py", "pkg:pypi/mcp@%3E%3D1%2C%3C2"),
    ("uv run --with mcp-server-git python -m mcp_server_git", "pkg:pypi/mcp-server-git"),
    ("uv run --with a b", None),
    ("uv run --script x.py", None),
    ("pipx run foo==1", "pkg:pypi/foo@1"),
    ("pipx run --spec git+https://github.com/u/r.git@b foo", "pkg:github/u/r@b"),
    ("pipx run --no-cache --python 3.12 foo", "pkg:pypi/foo"),
    ("pipx run --path ./x", None),
    ("pipx install foo", None),
    ("docker run -i --rm mcp/fetch", "pkg:docker/mcp/fetch"),
    (
        "docker run -i --rm -e A=1 -v /a:/b --mount type=bind,src=/a,dst=/b ghcr.io/github/github-mcp-server:v1 stdio",
        "pkg:docker/github/github-mcp-server@v1?repository_url=ghcr.io",
    ),
    ("docker run -it --rm node:22-alpine npx foo", "pkg:docker/node@22-alpine"),
    ("docker run --rm -i library/node", "pkg:docker/node"),
    ("docker run --rm localhost:5000/a/b/c:1", "pkg:docker/a/b/c@1?repository_url=localhost:5000"),
    (f"docker run mcp/fetch@{DIGEST}", f"pkg:docker/mcp/fetch@{DIGEST}"),
    (f"docker run mcp/fetch:1@{DIGEST}", f"pkg:docker/mcp/fetch@{DIGEST}?tag=1"),
    ("docker run --privileged=true -p8080:80 -itd x", "pkg:docker/x"),
    ("docker run --new-option x", None),
    ("docker --context y container run x:1", "pkg:docker/x@1"),
    ("docker -H tcp://a run x", "pkg:docker/x"),
    ("docker exec -i c cmd", None),
    ("docker mcp gateway run", None),
    ("docker compose run x", None),
    ("podman run --rm -i --tls-verify=false quay.io/a/b", "pkg:docker/a/b?repository_url=quay.io"),
    ("podman run --rootfs /x", None),
    ("podman --log-level debug run docker://docker.io/a/b:1", "pkg:docker/a/b@1"),
    ("nerdctl -n ns run a/b", "pkg:docker/a/b"),
    ("dnx Foo.Bar@1.0.0 --yes", "pkg:nuget/Foo.Bar@1.0.0"),
    ("dnx Foo.Bar --version 1.0.0-beta --yes -- --version 9", "pkg:nuget/Foo.Bar@1.0.0-beta"),
    ("dotnet tool exec Foo.Bar --source x", "pkg:nuget/Foo.Bar"),
    ("dotnet run", None),
    ("dnx --source https://x.example Foo.Bar server", "pkg:nuget/Foo.Bar"),
    ("deno run -A npm:@a/b@1.2/bin x", "pkg:npm/%40a/b@1.2"),
    ("deno run --allow-net=x --config d.json 'jsr:@a/b@^1'", "pkg:jsr/%40a/b@%5E1"),
    (
        "deno run -A https://deno.land/x/foo@1/mod.ts",
        "pkg:generic/mod.ts?download_url=https://deno.land/x/foo%401/mod.ts",
    ),
    ("deno run main.ts", None),
    ("deno task x", None),
    ("go run github.com/A/b/cmd/s@v1.2.3 -x", "pkg:golang/github.com/a/b/cmd/s@v1.2.3"),
    ("go run -mod=mod --tags x example.org/m@latest", "pkg:golang/example.org/m@latest"),
    ("go run ./cmd", None),
    ("go run main.go", None),
    ("java -jar x.jar", None),
    ("python -m mcp_server", None),
    ("python3 -m uv tool run foo", "pkg:pypi/foo"),
    ("py -m pipx run foo", "pkg:pypi/foo"),
    ("node x.js", None),
    ("'C:\\nodejs\\npx.cmd' -y foo", "pkg:npm/foo"),
    ("/usr/local/bin/npx foo", "pkg:npm/foo"),
    ("cmd /c npx -y foo", "pkg:npm/foo"),
    ("cmd.exe /d /s /c 'npx -y @a/b'", "pkg:npm/%40a/b"),
    ("cmd /c dir", None),
    ("env A=1 -u B npx foo", None),
    ("env -S 'npx -y foo'", "pkg:npm/foo"),
    ("env -i", None),
    ("sudo -u x -E A=1 npx foo", "pkg:npm/foo"),
    ("nohup nice -n 5 uvx foo", "pkg:pypi/foo"),
    ("timeout -k 5 60 npx foo", "pkg:npm/foo"),
    ("bash -c 'npx -y foo'", "pkg:npm/foo"),
    ("bash -lc 'A=1 exec uvx foo --x'", "pkg:pypi/foo"),
    ("sh -c 'cd /x && npx foo'", None),
    ("sh -c 'npx foo \"$@\"' sh", None),
    ("bash script.sh", None),
    ("wsl -d Ubuntu npx foo", "pkg:npm/foo"),
    ("wsl.exe -e npx -y foo", "pkg:npm/foo"),
    ("op run --env-file=x -- npx foo", "pkg:npm/foo"),
    ("'npx -y foo'", "pkg:npm/foo"),
    ("'/opt/my tools/npx' foo", "pkg:npm/foo"),
    ("corepack pnpm dlx foo", "pkg:npm/foo"),
    ("spawngate launch --id 1 -- npx foo", "pkg:npm/foo"),
    ("npx --verbose foo", "pkg:npm/foo"),
    ("npx -w", None),
    ("uvx foo@[secret:token:0f]", "pkg:pypi/foo"),
    ("docker run --rm [secret:value:0f]", None),
    ("docker run -e", None),
    ("docker run 'Not An Image'", None),
    ("uvx --from ssh://git@github.com/u/r foo", "pkg:github/u/r"),
    ("bunx User/Repo#x", "pkg:github/user/repo@x"),
    ("go run github.com/a/b", "pkg:golang/github.com/a/b"),
]
"""A shell-quoted line, and the purl that it names."""


@pytest.mark.parametrize(("line", "purl"), CASES, ids=[line for line, _ in CASES])
def test_package_of(line: str, purl: str | None) -> None:
    command, *args = shlex.split(line)
    assert package_of(command, args) == purl


def test_cases_are_distinct() -> None:
    assert len({line for line, _ in CASES}) == len(CASES)


@pytest.mark.parametrize("command", [None, "", " ", "\0", "-", "--", "'", "$(x)", "cmd", "env", "bash", "npx\n"])
def test_no_package_in_nothing(command: str | None) -> None:
    assert [package_of(command, args) for args in ((), ("",), ("-",), ("--",), ("-c",), ("/c",))] == [None] * 6


def test_wrappers_end() -> None:
    assert package_of("env", (*["env"] * 100, "npx", "foo")) is None
    assert package_of("nohup", ["nohup", "nohup", "npx", "foo"]) == "pkg:npm/foo"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("npx -y @a/b@1 --x 'a b'", ("@a/b@1", "--x", "a b")),
        ("npx -p @a/b run --x", ("run", "--x")),
        ("uvx --from a b c", ("b", "c")),
        ("docker run -i --rm img:1 serve", ("img:1", "serve")),
        ("uv run --with a server.py --x", ("server.py", "--x")),
        ("npx", None),
        ("docker run --new-option x", None),
        ("node x.js", None),
    ],
)
def test_launched(line: str, words: tuple[str, ...] | None) -> None:
    command, *args = shlex.split(line)
    assert launched(command, args) == words


@pytest.mark.parametrize(
    ("line", "answer"),
    [("npx", True), ("npm exec x", True), ("npm install x", False), ("docker run x", True), ("docker ps", False)],
)
def test_is_launcher(line: str, answer: bool) -> None:
    command, *args = shlex.split(line)
    assert is_launcher(command, args) is answer
