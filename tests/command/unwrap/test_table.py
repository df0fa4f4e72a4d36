"""The table itself, and what holds for any words."""

from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.command.spawn import Word
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.table import READERS, reader_of, unwrap
from spawngate.launch.argv import program

FIELDS = {"program", "arguments", "input", "code", "encoded", "options"}
VIA = {"wrapper", "script", "alias", "eval", "trap", "source"}
ARGUMENTS = st.lists(
    st.one_of(
        st.sampled_from(
            (
                "-c",
                "-e",
                "-i",
                "-u",
                "-I",
                "-x",
                "-S",
                "-o",
                "-n",
                "--",
                "-",
                "--exec",
                "--eval=1",
                "-exec",
                "{}",
                ";",
                "+",
                ":::",
                "rm",
                "x",
                "sh",
                "A=1",
                "exec",
                "run",
                "root",
                "'",
                '"',
                "-xec",
                "-I{}",
                "run-shell",
                "-dmS",
                "-it",
                "ext::rm x",
                "alias.x=!rm",
                "core.pager=rm",
                "ProxyCommand=rm x",
                "system('rm')",
                "!rm x",
                "$(rm)",
                "host",
                "--checkpoint-action=exec=rm",
                "cmd.run",
                "shell",
                "-EncodedCommand",
                "cm0=",
                "/c",
                "/tr",
                "a\\",
                "\\_",
                "${A}",
            )
        ),
        st.text(max_size=6),
    ),
    max_size=9,
)
NAMES = (*sorted(READERS), "python3", "python3.12", "ld-linux-x86-64.so.2", "lua5.4", "julia", "perl5.36", "unheard-of")


def words_of(argv: list[str], opaque: int) -> tuple[Word, ...]:
    return tuple(Word(text, opaque=bool(opaque >> at & 1), spawns=(at,)) for at, text in enumerate(argv))


@given(st.sampled_from(NAMES), ARGUMENTS, st.integers(0, 255))
@settings(max_examples=800, deadline=None)
def test_any_words_are_read(name: str, arguments: list[str], opaque: int) -> None:
    argv = words_of([name, *arguments], opaque << 1)
    found = unwrap(argv)
    assert unwrap(argv) == found
    if found is None:
        return
    assert found.inners, "an answer without inners says nothing"
    assert found.wrapper
    assert all(inner.code is None and not inner.reads_input for inner in found.inners) or not found.stays
    for inner in found.inners:
        said = [bool(inner.words), inner.text is not None, inner.code is not None]
        assert sum(said) == 1 or (not any(said) and (inner.reads_input or inner.opaque))
        assert set(inner.opaque) <= FIELDS
        assert inner.via in VIA
        assert inner.dialect in ("posix", "powershell", "cmd")
        assert (inner.code is None and not inner.reads_input) <= (not inner.language)


def test_nothing_to_read() -> None:
    assert unwrap(()) is None
    assert unwrap((Word(""),)) is None
    assert unwrap((Word("unheard-of"), Word("rm"))) is None


def test_names_are_as_they_are_looked_up() -> None:
    assert [name for name in READERS if program(name) != name] == []


def test_folders_suffixes_and_versions_do_not_matter() -> None:
    inner = Inner(words=(Word("rm"),), user="root")
    assert unwrap((Word("/usr/bin/sudo"), Word("rm"))) == Unwrapped("sudo", (inner,))
    assert unwrap((Word(r"C:\bin\Sudo.EXE"), Word("rm"))) == Unwrapped("sudo", (inner,))
    assert reader_of("perl5.36.0") is READERS["perl"]
    assert reader_of("php8.2") is READERS["php"]
    assert reader_of("python3.12") is reader_of("python")
    assert reader_of("sudo2") is None
