"""Hostile and damaged files, each beside good neighbours that must survive it.

Belongs here: one function per kind of trouble; each makes its own project, so that one reader's failure can be
told from another's. Must not be here: well-formed files.

What is expected of a damaged file is one of: named in the diagnostics (`unreadable`), found or named
(`found_or_named`), or nothing beyond the survival of its neighbours.
"""

import json
import os
import socket
import zipfile
from pathlib import Path
from typing import Any

from bench.builder import Builder, Entry
from bench.home_clients import PLAIN, M, Place, write_servers
from bench.home_surfaces import zipped

CLAUDE = Place("claude-code", "", M, PLAIN, "project")
CURSOR = Place("cursor", "", M, PLAIN, "project")


class Hostile:
    """Writes below one folder of projects; every case gets a project of its own."""

    def __init__(self, b: Builder, root: Path, *, big: bool) -> None:
        self.b = b
        self.root = root
        self.big = big

    def project(self, name: str) -> Path:
        """A project whose `.cursor/mcp.json` is good: the neighbour."""
        folder = self.root / name
        (folder / ".git").mkdir(parents=True)
        entry = Entry(f"neighbour-{name}", command="npx", args=("-y", f"neighbour-{name}@1.0.0"))
        write_servers(self.b, folder / ".cursor/mcp.json", CURSOR, [entry])
        return folder

    def good(
        self, path: Path, name: str, args: tuple[str, ...] = ("survivor==2.0", "--root", "/srv")
    ) -> dict[str, Any]:
        """A server inside the damaged file itself that has to be found."""
        entry = Entry(name, command="uvx", args=args)
        self.b.declare("claude-code", path, "project", entry, "stdio")
        return {"command": "uvx", "args": list(entry.args)}

    def special_files(self) -> None:
        """Things that are no regular files, where a configuration file is expected."""
        b = self.b
        fifo = self.project("fifo") / ".mcp.json"
        os.mkfifo(fifo)
        sock = self.project("socket") / ".mcp.json"
        folder = os.open(sock.parent, os.O_RDONLY | os.O_DIRECTORY)
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(f"/proc/self/fd/{folder}/.mcp.json")
        os.close(folder)
        zero = self.project("device-zero") / ".mcp.json"
        zero.symlink_to("/dev/zero")
        terminal = self.project("device-tty") / ".mcp.json"
        terminal.symlink_to("/dev/tty")
        loop = self.project("link-loop") / ".mcp.json"
        loop.symlink_to(".mcp.json")
        dangling = self.project("dangling") / ".mcp.json"
        dangling.symlink_to("gone/elsewhere.json")
        directory = self.project("directory") / ".claude/settings.json"
        directory.mkdir(parents=True)
        b.unreadable += [str(path) for path in (fifo, sock, zero, terminal, loop, dangling, directory)]
        circle = self.project("directory-loop")
        (circle / "again").symlink_to("..")
        closed = self.project("no-permission") / ".mcp.json"
        b.json(closed, {"mcpServers": {}})
        closed.chmod(0)
        if os.geteuid() != 0:  # the superuser reads a file of mode 000
            b.unreadable.append(str(closed))

    def encodings(self) -> None:
        """Texts that are not plain UTF-8."""
        b = self.b
        for name, codec, mark in (("utf16-mark", "utf-16-le", b"\xff\xfe"), ("utf16-bare", "utf-16-le", b"")):
            path = self.project(name) / ".mcp.json"
            b.bytes(path, mark + json.dumps({"mcpServers": {"wide": {"command": "npx"}}}).encode(codec))
            b.found_or_named.append(str(path))
        path = self.project("utf8-mark") / ".mcp.json"
        b.bytes(path, b"\xef\xbb\xbf" + json.dumps({"mcpServers": {"marked": self.good(path, "marked")}}).encode())
        path = self.project("invalid-utf8") / ".mcp.json"
        b.bytes(path, b'{"mcpServers": {"broken-\xff\xfe": {"command": "npx", "args": ["\xc3\x28"]}}}')
        b.found_or_named.append(str(path))

    def json_trouble(self) -> None:
        """JSON that is cut off, empty, deep, or says things twice."""
        b = self.b
        path = self.project("duplicate-keys") / ".mcp.json"
        last = self.good(path, "twice")
        b.text(path, '{"mcpServers": {"twice": {"command": "old"}, "twice": ' + json.dumps(last) + "}}")
        path = self.project("deep") / ".mcp.json"
        good = json.dumps({"shallow": self.good(path, "shallow")})
        b.text(path, '{"extra": ' + "[" * 2000 + "]" * 2000 + ', "mcpServers": ' + good + "}")
        path = self.project("truncated") / ".mcp.json"
        b.text(path, '{"mcpServers": {"cut": {"command": "npx", "args": ["-y", "cu')
        b.unreadable.append(str(path))
        b.text(self.project("empty") / ".mcp.json", "")
        path = self.project("not-json") / ".mcp.json"
        b.text(path, "<<<<<<< HEAD\n{}\n=======\n")
        b.unreadable.append(str(path))

    def wrong_types(self) -> None:
        """Nulls and wrong types where maps, lists and texts were meant, beside good entries in the same file."""
        b = self.b
        b.text(self.project("null-map") / ".mcp.json", '{"mcpServers": null}')
        b.text(self.project("list-for-map") / ".mcp.json", '{"mcpServers": ["npx"]}')
        b.text(self.project("number") / ".mcp.json", "42")
        path = self.project("wrong-types") / ".mcp.json"
        odd: dict[str, Any] = {
            "null-server": None,
            "text-server": "npx",
            "null-env": {"command": "npx", "args": ["x"], "env": None},
            "list-env": {"command": "npx", "args": ["x"], "env": ["A=B"]},
            "text-args": {"command": "npx", "args": "-y thing"},
            "number-args": {"command": "npx", "args": 7},
            "map-args": {"command": "npx", "args": {"0": "x"}},
            "mixed-args": {"command": "npx", "args": ["-p", 8080, None, True, {"a": 1}]},
            "list-command": {"command": ["npx", "x"]},
            "number-command": {"command": 1},
            "empty": {},
            "null-url": {"url": None, "headers": None},
            "number-header": {"url": "https://mcp.example.com/n", "headers": {"X": 1, "Y": None}},
        }
        b.json(path, {"mcpServers": {"first": self.good(path, "first"), **odd, "last": self.good(path, "last")}})
        path = self.project("wrong-settings") / ".claude/settings.json"
        b.json(
            path,
            {"permissions": ["Read"], "hooks": {"PreToolUse": "x", "Stop": [None, {"hooks": [None, 3]}]}, "env": "A=B"},
        )

    def yaml_and_toml(self) -> None:
        """A YAML alias bomb, a YAML cycle, and TOML with one broken table."""
        b = self.b
        bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
        bomb += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
        path = self.project("yaml-bomb") / ".continue/mcpServers/bomb.yaml"
        b.text(path, "\n".join(bomb) + "\nmcpServers:\n  - *a11\n  - name: bomb\n    command: npx\n")
        b.found_or_named.append(str(path))
        path = self.project("yaml-cycle") / ".continue/mcpServers/cycle.yaml"
        b.text(
            path,
            "self: &self\n  again: *self\nmcpServers:\n  - &s\n    name: cycle\n    command: npx\n    args: [*s]\n",
        )
        b.found_or_named.append(str(path))
        path = self.project("broken-toml") / ".codex/config.toml"
        b.text(
            path,
            '[mcp_servers.before]\ncommand = "npx"\n\n'
            "[mcp_servers.bad\ncommand = = 1\n\n"
            '[mcp_servers.after]\ncommand = "npx"\n',
        )
        b.found_or_named.append(str(path))

    def sizes(self) -> None:
        """Files and folders that are too large."""
        b = self.b
        path = self.project("single-line") / ".mcp.json"
        filler = "y" * (8_000_000 if self.big else 80_000)
        good = {"after-filler": {"command": "npx", "args": ["-y", "after-filler"]}}
        b.text(path, json.dumps({"filler": filler, "mcpServers": good}))
        b.found_or_named.append(str(path))
        if self.big:
            path = self.project("sparse") / ".mcp.json"
            b.text(path, '{"mcpServers": {"sparse": {"command": "npx"}}}')
            os.truncate(path, 300_000_000)
            b.unreadable.append(str(path))
        modules = self.project("node-modules") / "node_modules"
        for number in range(20_000 if self.big else 200):
            folder = modules / f"package-{number // 100:03d}"
            if number % 100 == 0:
                folder.mkdir(parents=True)
                inner = {"mcpServers": {"inside-node-modules": {"command": "npx", "args": ["inside"]}}}
                b.json(folder / ".mcp.json", inner)
            else:
                (folder / f"file-{number % 100}.js").touch()
        b.absent.append("inside-node-modules")
        deep = self.project("deep-folders")
        # Paths of this length still pass as one argument; the tests keep it shorter for the sake of their cleaners.
        (deep / "/".join(["d"] * (400 if self.big else 60))).mkdir(parents=True)

    def names(self) -> None:
        """Names meant for whoever prints them: terminals, pages, spreadsheets."""
        path = self.project("names") / ".mcp.json"
        names = [
            "ansi-\x1b[2J\x1b[31mred\x07",
            "line\nbreak\r\ttab",
            "<script>alert(1)</script>",
            "bidi-\u202egnp.exe\u2066",
            "=cmd|' /C calc'!A0",
            "+1+1",
            "@SUM(1)",
            "zero\u200bwidth\u00ad",
            "../../../etc/passwd",
            "a" * 5000,
            "",
        ]
        servers = {name: self.good(path, name) for name in names if name}
        # Arguments are an inventory's evidence: quotes, backslashes and blanks must come out as they went in.
        odd = ("=a|' /C b'!A0", 'it\'s "so" `x` $HOME', "C:\\new\\table", "  ", "", "-e", "\x1b[31m", "\u202egnp.exe")
        servers["odd-arguments"] = self.good(path, "odd-arguments", odd)
        servers[""] = {"command": "npx", "args": ["nameless"]}
        self.b.json(path, {"mcpServers": servers})
        folder = self.project("path-\x1b[31mred\n<b>")
        path = folder / ".mcp.json"
        self.b.json(path, {"mcpServers": {"odd-path": self.good(path, "odd-path")}})

    def archives(self) -> None:
        """Bundles that are bombs or that would write outside of where they are unpacked."""
        b = self.b
        downloads = b.home / "Downloads"
        bomb = downloads / "bomb.mcpb"
        bomb.parent.mkdir(parents=True, exist_ok=True)
        size = 64 if self.big else 4
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            info = zipfile.ZipInfo("manifest.json", (2026, 1, 2, 3, 4, 6))
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w") as member:
                for _ in range(size):
                    member.write(b" " * 1_000_000)
        manifest = json.dumps({"manifest_version": "0.3", "name": "slip", "version": "1", "server": {"type": "node"}})
        slip = {"../../../../escaped.txt": "out", "/absolute.txt": "out", "manifest.json": manifest}
        b.bytes(downloads / "slip.mcpb", zipped(slip))
        b.bytes(downloads / "cut.mcpb", zipped({"manifest.json": manifest})[:40])
        b.bytes(downloads / "text.mcpb", b"this is no archive\n")


def write(b: Builder, *, big: bool) -> None:
    """All hostile cases below `home/src/hostile`."""
    hostile = Hostile(b, b.home / "src/hostile", big=big)
    hostile.special_files()
    hostile.encodings()
    hostile.json_trouble()
    hostile.wrong_types()
    hostile.yaml_and_toml()
    hostile.sizes()
    hostile.names()
    hostile.archives()
