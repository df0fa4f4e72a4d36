"""`spawngate advisories` as a process: the six named products in each form, output, exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def run(state: Path, *args: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(state.parent), "SPAWNGATE_STATE_DIR": str(state)}
    command = [sys.executable, "-m", "spawngate", "advisories", *args]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)


class Machine:
    """A made-up endpoint: a home, a root with projects, and a system root."""

    def __init__(self, base: Path) -> None:
        self.base = base
        for name in ("home", "root", "system"):
            (base / name).mkdir()

    def file(self, path: str, text: str = "") -> None:
        target = self.base / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def pip(self, environment: str, name: str, version: str) -> None:
        folder = f"{environment}/lib/python3.12/site-packages/{name}-{version}.dist-info"
        self.file(f"{folder}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")

    def npm(self, folder: str, name: str, version: str) -> None:
        self.file(f"{folder}/node_modules/{name}/package.json", json.dumps({"name": name, "version": version}))

    def server(self, command: str, *args: str) -> None:
        servers = {"mcpServers": {"made-up": {"command": command, "args": list(args)}}}
        self.file("home/.cursor/mcp.json", json.dumps(servers))

    def match(self, *more: str) -> dict[str, Any]:
        base = self.base
        places = ["--root", f"{base}/root", "--home", f"{base}/home", "--sysroot", f"{base}/system"]
        done = run(base / "state", "match", *places, "--format", "json", *more)
        assert (done.returncode, done.stderr) == (0, "")
        document: dict[str, Any] = json.loads(done.stdout)
        return document

    def said(self, product: str) -> set[tuple[str, str, str, str]]:
        """Advisory, answer, version and source of every match of a product."""
        return {
            (one["advisory"], one["answer"], one["subject"]["version"] or "", one["subject"]["source"])
            for one in self.match()["matches"]
            if one["product"] == product
        }


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_litellm_by_pip_and_container(machine: Machine) -> None:
    machine.pip("root/gateway/.venv", "litellm", "1.82.7")
    machine.file(
        "root/stack/docker-compose.yml", "services:\n  a:\n    image: ghcr.io/berriai/litellm:main-v1.83.7-stable\n"
    )
    assert machine.said("LiteLLM") == {
        ("CVE-2026-30623", "affected", "1.82.7", "environment"),
        ("CVE-2026-42271", "affected", "1.82.7", "environment"),
        ("NOCVE-2026-LITELLM-MALWARE", "affected", "1.82.7", "environment"),
        ("CVE-2026-30623", "fixed", "1.83.7", "container"),
        ("CVE-2026-42271", "fixed", "1.83.7", "container"),
        ("NOCVE-2026-LITELLM-MALWARE", "not-affected", "1.83.7", "container"),
    }


def test_langflow_by_pip_and_container(machine: Machine) -> None:
    machine.pip("home/.local/share/uv/tools/langflow", "langflow", "1.5.0")
    machine.file("root/app/Dockerfile", "FROM langflowai/langflow:1.6.0\n")
    assert machine.said("Langflow") == {
        ("NOCVE-2026-LANGFLOW", "no-fix", "1.5.0", "environment"),
        ("NOCVE-2026-LANGFLOW", "no-fix", "1.6.0", "container"),
    }


def test_cursor_by_application_folder(machine: Machine) -> None:
    product = {"nameLong": "Cursor", "version": "1.3.8", "vscodeVersion": "1.99.3"}
    machine.file("system/usr/share/cursor/resources/app/product.json", json.dumps(product))
    assert machine.said("Cursor") == {
        ("CVE-2025-54136", "fixed", "1.3.8", "application"),
        *(
            (advisory, "affected", "1.3.8", "application")
            for advisory in (
                "CVE-2025-54135",
                "CVE-2025-64106",
                "CVE-2026-22708",
                "CVE-2026-26268",
                "CVE-2026-50548",
                "CVE-2026-50549",
            )
        ),
    }


def test_flowise_by_npm_and_container_launch(machine: Machine) -> None:
    machine.npm("home/.nvm/versions/node/v22.1.0/lib", "flowise", "3.1.0")
    machine.server("docker", "run", "-i", "--rm", "flowiseai/flowise:3.1.2")
    assert machine.said("Flowise") == {
        ("CVE-2025-59528", "fixed", "3.1.0", "environment"),
        ("CVE-2025-8943", "fixed", "3.1.0", "environment"),
        ("CVE-2026-40933", "fixed", "3.1.0", "environment"),
        ("CVE-2026-56274", "affected", "3.1.0", "environment"),
        *(
            (advisory, "fixed", "3.1.2", "launch")
            for advisory in ("CVE-2025-59528", "CVE-2025-8943", "CVE-2026-40933", "CVE-2026-56274")
        ),
    }


def test_docsgpt_by_container_and_application_folder(machine: Machine) -> None:
    machine.file("root/a/compose.yaml", "services:\n  backend:\n    image: arc53/docsgpt:0.15.0\n")
    machine.file("root/DocsGPT/.git/config", '[remote "origin"]\n\turl = https://github.com/arc53/DocsGPT.git\n')
    machine.file("root/DocsGPT/.git/HEAD", "ref: refs/heads/main\n")
    machine.file("root/DocsGPT/application/version.py", '__version__ = "0.16.0"\n')
    assert machine.said("DocsGPT") == {
        ("CVE-2026-26015", "affected", "0.15.0", "container"),
        ("CVE-2026-26015", "fixed", "0.16.0", "checkout"),
    }


def test_gpt_researcher_by_pip_and_container(machine: Machine) -> None:
    machine.pip("root/r/venv", "gpt_researcher", "0.14.7")
    machine.file("root/r/docker-compose.yml", "services:\n  a:\n    image: gptresearcher/gpt-researcher\n")
    assert machine.said("GPT Researcher") == {
        ("CVE-2025-65720", "no-fix", "0.14.7", "environment"),
        ("CVE-2025-65720", "no-fix", "", "container"),
    }


def test_what_a_launcher_would_resolve(machine: Machine) -> None:
    machine.server("npx", "-y", "mcp-remote", "https://example.org/mcp")
    machine.npm("home/.npm/_npx/0123", "mcp-remote", "0.1.15")
    document = machine.match()
    found = [(one["answer"], one["subject"]["source"], one["subject"]["owner"]) for one in document["matches"]]
    assert found == [("affected", "environment", None), ("uncertain", "launch", "server made-up of cursor")]
    assert document["summary"]["affected"] == 1


def test_archived_upstream(machine: Machine) -> None:
    machine.server("npx", "-y", "@modelcontextprotocol/server-slack")
    document = machine.match()
    assert document["matches"] == []
    assert [one["subject"]["name"] for one in document["archived"]] == ["@modelcontextprotocol/server-slack"]


def test_a_look_at_advisories_leaves_no_snapshot(machine: Machine) -> None:
    machine.server("npx", "-y", "mcp-remote")
    machine.match()
    assert not list((machine.base / "state").glob("snapshot-*"))


def test_packages_by_purl_and_exit_codes(tmp_path: Path) -> None:
    state = tmp_path / "state"
    done = run(state, "match", "pkg:npm/mcp-remote@0.1.15", "--fail-on", "affected")
    assert done.returncode == 1
    assert done.stdout.startswith("AFFECTED  CVE-2025-6514 (critical, fixed in 0.1.16)  npm mcp-remote 0.1.15\n")
    assert run(state, "match", "pkg:npm/mcp-remote", "--fail-on", "affected").returncode == 0
    assert run(state, "match", "pkg:npm/mcp-remote", "--fail-on", "uncertain").returncode == 1
    assert run(state, "match", "pkg:npm/mcp-remote@0.1.16").stdout == "1 fixed\n"
    assert run(state, "match", "pkg:npm/left-pad@1.0.0").stdout == "nothing that an advisory speaks of\n"
    assert run(state, "match", "nonsense").returncode == 2
    assert run(state, "match", "--root", str(tmp_path / "missing")).returncode == 2


def test_list(tmp_path: Path) -> None:
    state = tmp_path / "state"
    everything = json.loads(run(state, "list", "--format", "json").stdout)["advisories"]
    assert len(everything) == 96
    cursor = json.loads(run(state, "list", "--product", "cursor", "--format", "json").stdout)["advisories"]
    assert {one["product"] for one in cursor} == {"Cursor", "Coding-agent CLIs"}
    one = json.loads(run(state, "list", "ghsa-v4p8-mg3p-g94g", "--format", "json").stdout)["advisories"]
    assert [advisory["id"] for advisory in one] == ["CVE-2026-42271"]
    assert run(state, "list").stdout.endswith("96 advisories\n")
    assert run(state, "list", "CVE-1999-0001").returncode == 2


def test_import_then_match(tmp_path: Path) -> None:
    state = tmp_path / "state"
    record = {
        "schema_version": "1.6.0",
        "id": "MAL-2026-1",
        "modified": "2026-11-20T00:00:00Z",
        "summary": "bad\u202eerif",
        "affected": [{"package": {"ecosystem": "npm", "name": "left-pad"}, "versions": ["1.0.0"]}],
    }
    (tmp_path / "osv.json").write_text(json.dumps([record, {"id": "x"}]), encoding="utf-8")
    done = run(state, "import", str(tmp_path / "osv.json"))
    assert (done.returncode, done.stdout) == (0, "1 added, 0 updated, 0 already there\n")
    assert (
        done.stderr == f"spawngate: {tmp_path}/osv.json[1]: malformed: id: not an identifier; the record was left out\n"
    )
    done = run(state, "match", "pkg:npm/left-pad@1.0.0")
    assert done.stdout.splitlines()[0] == "AFFECTED  MAL-2026-1 (malicious, critical)  npm left-pad 1.0.0"
    assert "\u202e" not in done.stdout
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    assert run(state, "import", str(tmp_path / "bad.json")).returncode == 2
    assert run(state, "import", str(tmp_path / "missing")).returncode == 2
