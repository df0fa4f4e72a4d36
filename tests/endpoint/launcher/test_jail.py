"""Which places a confined process sees."""

import os
from pathlib import Path

from spawngate.endpoint.launcher.jail import make_scratch, options, remove_scratch
from spawngate.endpoint.launcher.replies import Grant


def grant(**changes: object) -> Grant:
    return Grant({"network": False, "read": [], "write": [], **changes})


def make(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def words(
    home: Path, *, program: str = "/usr/bin/node", args: tuple[str, ...] = (), folder: str = "", **changes: object
) -> list[str]:
    """Options for a probe; places only, as `kind path`, home as `~`."""
    environment = {b"HOME": os.fsencode(home), b"PATH": b"/usr/bin"}
    found = options(grant(**changes), program, list(args), folder, environment, probe=True, seconds=5)
    assert found[:3] == ["--jail", "--home", str(home)]
    assert ("--network" in found) == changes.get("network", False)
    places, at = [], found.index("--cpu") + 2
    assert found[at - 3 : at] == ["--limits", "--cpu", "6"]
    while at < len(found):
        count = 3 if found[at] == "--link" else 2
        places.append(" ".join(word.replace(str(home), "~") for word in found[at : at + count])[2:])
        at += count
    return places


def test_a_home_is_empty_but_for_tools_and_caches(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for name in (
        ".npm/x",
        ".cache/uv/x",
        ".nvm/x",
        ".local/bin/uvx",
        ".ssh/id",
        ".aws/c",
        ".npmrc",
        "notes/a",
        ".config/x/y",
    ):
        make(home / name)
    assert words(home) == ["copy ~/.cache/uv", "read ~/.local/bin", "copy ~/.npm", "read ~/.nvm"]


def test_a_programs_own_tree(tmp_path: Path) -> None:
    home = tmp_path / "home"
    node = make(home / "tools" / "node" / "bin" / "node")
    assert words(home, program=str(node)) == ["read ~/tools/node"]
    assert words(home, program=str(make(home / "bin" / "server"))) == ["read ~/bin"]
    assert words(home, program=str(make(home / "server"))) == ["read ~/server"]


def test_folders_that_hold_credentials_too_are_not_shown_whole(tmp_path: Path) -> None:
    home = tmp_path / "home"
    cargo = make(home / ".cargo" / "bin" / "server")
    make(home / ".cargo" / "credentials.toml")
    other = make(home / ".other" / "bin" / "server")
    assert words(home, program=str(cargo)) == ["read ~/.cargo/bin"]
    assert words(home, program=str(other)) == ["read ~/.cargo/bin", "read ~/.other"]
    assert words(home, read=[str(home / ".cargo"), str(home / ".other")]) == ["read ~/.cargo/bin", "read ~/.other"]
    environment = {b"HOME": os.fsencode(home), b"PATH": f"{cargo.parent}:{other.parent}".encode()}
    found = options(grant(), "/bin/sh", [], "", environment, probe=True)
    assert found[6:] == ["--read", str(cargo.parent), "--read", str(other.parent)]


def test_an_environment_brings_its_base(tmp_path: Path) -> None:
    home = tmp_path / "home"
    base = make(tmp_path / "versions" / "3.12" / "bin" / "python3")
    venv = home / "project" / ".venv"
    make(venv / "pyvenv.cfg", f"version = 3.12\nhome = {base.parent}\n")
    (venv / "bin").mkdir()
    (venv / "bin" / "python").symlink_to(base)
    script = make(venv / "bin" / "server", f"#!{venv}/bin/python\nimport x\n")
    assert words(home, program=str(script)) == ["read ~/project/.venv", f"read {tmp_path}/versions/3.12"]


def test_words_that_name_code_and_words_that_name_data(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make(home / "server" / "package.json")
    make(home / "server" / "build" / "index.js")
    make(home / "one.py")
    make(home / "documents" / "letter")
    make(home / "config" / "a.json")
    found = words(
        home,
        args=(
            str(home / "server/build/index.js"),
            "one.py",
            f"--dir={home}/documents",
            str(home / "config/a.json"),
            str(home),
            "/",
            "nothing",
            "--flag",
        ),
        folder=str(home),
    )
    assert found == ["read ~/config/a.json", "copy ~/documents", "read ~/one.py", "read ~/server"]


def test_data_is_not_shown_where_there_is_a_network(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make(home / "documents" / "letter")
    make(home / "code" / "package.json")
    arguments = (str(home / "documents"), str(home / "code"))
    assert words(home, args=arguments) == ["copy ~/code", "copy ~/documents"]
    environment = {b"HOME": os.fsencode(home)}
    found = options(grant(network=True), "/bin/sh", list(arguments), "", environment, probe=True)
    assert found[-4:] == ["--copy", f"{home}/code", "--empty", f"{home}/documents"]


def test_packages_that_lie_beside_the_one_that_is_named(tmp_path: Path) -> None:
    home = tmp_path / "home"
    script = make(home / "p" / "node_modules" / "@org" / "server" / "dist" / "index.js")
    make(home / "p" / "node_modules" / "@org" / "server" / "package.json")
    make(home / "mono" / "node_modules" / "x" / "index.js")
    make(home / "mono" / "packages" / "a" / "package.json")
    module = make(home / "mono" / "packages" / "a" / "index.js")
    python = make(tmp_path / "lib" / "site-packages" / "server" / "main.py")
    assert words(home, args=(str(script),)) == ["read ~/p/node_modules", "read ~/p/node_modules/@org/server"]
    assert words(home, args=(str(module),)) == ["read ~/mono/node_modules", "read ~/mono/packages/a"]
    assert words(home, args=(str(python),)) == [f"read {tmp_path}/lib/site-packages", f"read {python}"]


def test_a_probe_is_not_shown_the_home_whatever_is_granted(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make(home / ".local" / "share" / "keyrings" / "login")
    make(home / ".local" / "share" / "uv" / "x")
    granted = [str(home), str(tmp_path), str(home / ".local"), str(home / ".local/share/uv")]
    assert words(home, read=granted) == ["copy ~/.local/share/uv"]


def test_the_working_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make(home / "project" / "pyproject.toml")
    make(home / "letters" / "a")
    assert words(home, folder=str(home / "project")) == ["copy ~/project"]
    assert words(home, folder=str(home / "letters")) == ["copy ~/letters"]
    assert words(home, folder=str(home / "letters"), network=True) == ["empty ~/letters"]
    assert words(home, folder=str(tmp_path)) == []


def test_a_file_that_does_not_exist_yet_has_a_folder_to_be_made_in(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make(home / "data" / "secret")
    missing = str(home / "data" / "new.db")
    assert words(home, args=("--db", missing)) == ["empty ~/data"]
    assert words(home, args=(f"--db={missing}",), network=True) == ["empty ~/data"]
    assert words(home, args=(str(home / "new.db"), str(home / "none" / "new.db"))) == []
    assert words(home, args=("new.db",), folder=str(home / "data")) == ["copy ~/data"]


def test_a_file_in_a_copied_folder_is_copied_with_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make(home / "data" / "old.db")
    make(home / "else" / "other.db")
    (home / "data" / "link.db").symlink_to(home / "else" / "other.db")
    assert words(home, args=("old.db",), folder=str(home / "data")) == ["copy ~/data"]
    assert words(home, args=("old.db",), folder=str(home / "data"), network=True) == [
        "empty ~/data",
        "read ~/data/old.db",
    ]
    assert "read ~/else/other.db" in words(home, args=("link.db",), folder=str(home / "data"))


def test_links_are_shown_with_what_they_mean(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make(tmp_path / "elsewhere" / "npm" / "x")
    home.mkdir()
    (home / ".npm").symlink_to(tmp_path / "elsewhere" / "npm")
    (home / ".nvm").symlink_to("/usr/share")
    (home / ".pyenv").symlink_to(tmp_path / "nowhere")
    assert words(home) == [
        f"copy {tmp_path}/elsewhere/npm",
        f"link ~/.npm {tmp_path}/elsewhere/npm",
        "link ~/.nvm /usr/share",
    ]


def test_what_is_granted(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make(home / ".npm" / "x")
    make(home / "data" / "x")
    make(home / "out" / "x")
    found = words(
        home, args=(str(home / "data"),), read=[str(home / "data"), str(home / ".npm"), "/"], write=[str(home / "out")]
    )
    assert found == ["copy ~/.npm", "copy ~/data", "write ~/out"]
    environment = {b"HOME": os.fsencode(home)}
    assert options(grant(network=True), "/bin/sh", [], "/w", environment, probe=False)[:7] == [
        "--jail", "--home", str(home), "--folder", "/w", "--network", "--copy",
    ]  # fmt: skip


def test_a_granted_server_has_what_was_declared_and_its_program(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make(home / "project" / "package.json")
    make(home / "server" / "package.json")
    script = make(home / "server" / "index.js")
    make(home / "documents" / "letter")
    make(home / "out" / "x")
    environment = {b"HOME": os.fsencode(home)}
    granted = grant(read=[str(home / "server")], write=[str(home / "out"), "/usr/share", "/usr"])
    arguments = [str(script), str(home / "documents")]
    found = options(granted, "/usr/bin/node", arguments, str(home / "project"), environment, probe=False)
    assert found == [
        "--jail",
        "--home",
        str(home),
        "--folder",
        f"{home}/project",
        "--write",
        f"{home}/out",
        "--read",
        f"{home}/server",
        "--write",
        "/usr",
        "--write",
        "/usr/share",
    ]
    # A home that was declared is given.
    found = options(grant(read=[str(home)]), "/bin/sh", [], str(home), environment, probe=False)
    assert found[-2:] == ["--read", str(home)]


def test_odd_homes_and_words(tmp_path: Path) -> None:
    assert options(grant(), "/bin/sh", ["\0", "x" * 5000, ""], "", {b"HOME": b"relative"}, probe=False) == [
        "--jail", "--home", "/nonexistent",
    ]  # fmt: skip
    os.mkfifo(tmp_path / "fifo")
    assert options(grant(), "/bin/sh", [str(tmp_path / "fifo")], "", {}, probe=False)[3:] == [
        "--read",
        str(tmp_path / "fifo"),
    ]


def test_a_scratch_folder_is_removed_and_what_its_links_name_is_not(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("x")
    scratch = Path(make_scratch())
    assert scratch.parent in (Path("/tmp"), Path("/var/tmp"))
    assert (scratch.stat().st_mode & 0o777, list(scratch.iterdir())) == (0o700, [])
    make(scratch / "a" / "b" / "c")
    (scratch / "link").symlink_to(tmp_path / "kept")
    (scratch / "a" / "link").symlink_to(tmp_path / "kept" / "file")
    remove_scratch(str(scratch))
    assert not scratch.exists()
    assert (tmp_path / "kept" / "file").read_text() == "x"
    remove_scratch(str(scratch))
    other = make_scratch()
    remove_scratch(other)
    assert other not in ("", str(scratch))


def test_a_way_out() -> None:
    environment = {b"HOME": b"/nonexistent/home"}
    hosts = [
        "api.example",
        "localhost:5432",
        "127.0.0.1:80",
        "*.api.example",
        "db.example:5432+private",
        "any.example:*",
    ]
    found = options(grant(hosts=hosts), "/bin/sh", [], "", environment, probe=False)
    assert found == [
        "--jail", "--home", "/nonexistent/home", "--egress", "4", "--forward", "80", "--forward", "5432",
        "--route", "api.example", "80", "--route", "api.example", "443", "--route", "db.example", "5432",
    ]  # fmt: skip
    # A probe's whole network is what is left where hosts cannot be told apart.
    found = options(grant(hosts=["api.example"], network=True), "/bin/sh", [], "", environment, probe=True, seconds=1)
    assert found[3:12] == [
        "--network", "--egress", "4", "--route", "api.example", "80", "--route", "api.example", "443",
    ]  # fmt: skip


def test_a_probe_that_reaches_hosts_is_shown_no_data(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make(home / "documents" / "letter")
    arguments = (str(home / "documents"),)
    found = options(
        grant(hosts=["api.example"]), "/bin/sh", list(arguments), "", {b"HOME": os.fsencode(home)}, probe=True
    )
    assert found[-2:] == ["--empty", f"{home}/documents"]
