"""Command lines that tools without a command text amount to."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.mcp_clients import CLIENTS, named_calls, texts_in

Argvs = tuple[tuple[str, ...], ...]


def _calls(client: str, tool: str, given: dict[str, Any]) -> Argvs:
    return tuple(named_calls(client, tool.split("_"), (client,), given))


@pytest.mark.parametrize(
    ("client", "tool", "given", "argvs"),
    [
        ("git", "git_branch", {"delete": True, "branch": "main"}, (("git", "branch", "-D", "main"),)),
        ("git", "git_clone", {"url": "u", "path": "p"}, (("git", "clone", "u", "p"),)),
        ("git", "git_remote_add", {"name": "x", "url": "u"}, (("git", "remote", "add", "x", "u"),)),
        ("git", "git_add", {"repo_path": "/a/", "files": ["b"]}, (("git", "add", "/a/b"),)),
        (
            "docker",
            "system_prune",
            {"all": True, "volumes": True},
            (("docker", "system", "prune", "-f", "-a", "--volumes"),),
        ),
        ("docker", "docker_run", {"image": "x", "options": "--privileged"}, (("docker", "run", "--privileged", "x"),)),
        ("kubernetes", "resources_delete", {"kind": "Pod", "name": "x"}, (("kubectl", "delete", "Pod", "x"),)),
        ("kubernetes", "kubectl_get", {"resourcetype": "secrets"}, (("kubectl", "get", "secrets", "", "-o", "yaml"),)),
        ("kubernetes", "helm_uninstall", {"name": "x"}, (("helm", "uninstall", "x"),)),
        ("pip", "pip_install", {"packages": ["a", "b"]}, (("pip", "install", "a", "b"),)),
        ("npm", "npm_publish", {}, (("npm", "publish"),)),
        ("terraform", "apply", {"auto_approve": True}, (("terraform", "apply", "-auto-approve"),)),
        ("pulumi", "destroy", {"stack": "x"}, (("terraform", "destroy", "-auto-approve"),)),
        ("prisma", "migrate_reset", {}, (("prisma", "migrate", "reset", "--force"),)),
        ("", "search_files", {"path": "/", "pattern": "id_rsa"}, (("find", "/", "-name", "id_rsa"),)),
        ("", "registry_write", {"path": "HKCU\\Run", "value": "x"}, (("reg", "add", "HKCU\\Run", "/d", "x", "/f"),)),
        ("", "shutdown", {}, (("shutdown", "-h", "now"),)),
        (
            "",
            "request",
            {"method": "DELETE", "path": "/_all"},
            (("curl", "-X", "DELETE", "http://localhost:9200/_all"),),
        ),
        ("git", "git_status", {"repo_path": "/a"}, ()),
        ("docker", "list_containers", {}, ()),
        ("kubernetes", "pods_log", {"name": "x"}, ()),
        ("", "get_page", {"url": "https://x.example/"}, ()),
    ],
)
def test_calls(client: str, tool: str, given: dict[str, Any], argvs: Argvs) -> None:
    assert _calls(client, tool, given) == argvs


def test_texts() -> None:
    assert texts_in("a b") == ("a b",)
    assert texts_in("a b", split=True) == ("a", "b")
    assert texts_in(["a", 1, "b"]) == ("a", "b")
    assert texts_in(None) == ()


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=10) | st.lists(st.text(max_size=5), max_size=3)


@given(
    st.sampled_from(sorted(CLIENTS)) | st.just(""),
    st.sampled_from(
        ["run", "delete", "git_push", "install", "destroy", "get_secret", "prune", "kill_process", "rm", "find"]
    ),
    st.dictionaries(
        st.sampled_from(
            ["url", "path", "name", "kind", "volumes", "force", "files", "repo_path", "packages", "method", "body"]
        ),
        VALUES | st.dictionaries(st.text(max_size=4), VALUES, max_size=2),
        max_size=6,
    ),
)
def test_any_call(client: str, tool: str, given: dict[str, Any]) -> None:
    assert all(argv and all(isinstance(word, str) for word in argv) for argv in _calls(client, tool, given))
